import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: '/vote/',
  plugins: [vue()],
  build: {
    outDir: here('../../dist/vote'),
    emptyOutDir: true,
    target: 'es2020',
    // A strict content policy allows no data: URLs for scripts.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
  server: { proxy: { '/api': 'http://localhost:8080' } },
})
