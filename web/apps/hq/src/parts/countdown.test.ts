import { expect, test } from 'vitest'

import { countdown } from './countdown'

test('time runs out to nothing', () => {
  expect(countdown(10_000 + 545_000, 10_000)).toBe('9:05')
  expect(countdown(86_399_000, 0)).toBe('23:59:59')
  expect(countdown(5_000, 5_000)).toBe('')
  expect(countdown(5_000, 9_000)).toBe('')
})
