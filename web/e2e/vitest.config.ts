import { defineConfig } from 'vitest/config'

// Each story drives real browsers against the real program, in folders and on ports of its own. Two
// at a time: one mostly waits, three do not fit into two processors.
export default defineConfig({
  test: {
    include: ['e2e/**/*.story.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    expect: { poll: { interval: 50, timeout: 15_000 } }, // machines are busy
  },
})
