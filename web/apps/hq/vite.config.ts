import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: '/hq/',
  plugins: [vue()],
  define: { __VUE_I18N_LEGACY_API__: false },
  build: {
    outDir: here('../../dist/hq'),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing as a data: URL, so that a strict content security policy holds.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': 'http://localhost:8080' } },
})
