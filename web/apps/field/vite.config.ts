import { readFileSync } from 'node:fs'

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

import { classicFirst, firstGroup } from './tools/first'

const first = new URL('src/main.ts', import.meta.url).pathname

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string }

export default defineConfig({
  base: '/',
  plugins: [
    vue(),
    classicFirst(),
    VitePWA({
      // A new version waits until the person agrees: nobody loses a half-typed form.
      registerType: 'prompt',
      manifest: {
        name: '三隨機 現場核查',
        short_name: '三隨機',
        description: '離線優先的現場核查',
        lang: 'zh-Hant',
        id: '/',
        start_url: '/',
        display: 'standalone',
        theme_color: '#8f1d21',
        background_color: '#f3f4f6',
        icons: [
          { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
          {
            src: 'icon-maskable-512.png',
            sizes: '512x512',
            type: 'image/png',
            purpose: 'maskable',
          },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{html,js,css,svg,png,wasm}'],
        // SQLite's own workers, which we do not use.
        globIgnores: ['**/sqlite3-worker1*', '**/sqlite3-opfs-async-proxy*'],
        navigateFallback: '/index.html',
        // Headquarters' pages, voters' and the interface are not this app's to answer for.
        navigateFallbackDenylist: [/^\/hq/, /^\/api/, /^\/vote/],
        cleanupOutdatedCaches: true,
      },
    }),
  ],
  define: { __APP_VERSION__: JSON.stringify(version) },
  build: {
    ...{ outDir: '../../dist/field', emptyOutDir: true, target: 'es2022', modulePreload: false },
    rolldownOptions: { output: { codeSplitting: { groups: [firstGroup(first)] } } },
  },
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['@sqlite.org/sqlite-wasm'] },
})
