import { defineConfig } from 'vitest/config'

// Figures are measured one after another: a machine has few processors.
export default defineConfig({
  test: {
    include: ['e2e/**/*.figure.ts'],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})
