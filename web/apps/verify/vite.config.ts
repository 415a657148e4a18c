import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vite'

import { oneFile } from '../../oneFile'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [oneFile()],
  build: {
    outDir: here('../../dist/verify'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    cssCodeSplit: false,
    // A classic script, which old browsers too run from a disk, and workers.
    rolldownOptions: {
      output: { format: 'iife' },
      // Of the protocol only bytes are needed: what nobody reads need not be read by auditors.
      treeshake: { moduleSideEffects: (id) => !/packages\/protocol|cborg/.test(id) },
    },
  },
})
