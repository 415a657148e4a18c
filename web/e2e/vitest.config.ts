import { defineConfig } from 'vitest/config'

// One story after another: each drives real browsers against the real program.
export default defineConfig({
  test: {
    include: ['e2e/**/*.story.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    expect: { poll: { interval: 50, timeout: 15_000 } }, // machines are busy
  },
})
