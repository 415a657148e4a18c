import { expect, test } from 'vitest'

import { clockOff } from './clock'

test('a clock is off from five minutes on, ahead or behind', () => {
  expect(clockOff(-240_000)).toBeNull()
  expect(clockOff(-600_000)).toEqual({ unit: 'minutes', n: 10 })
  expect(clockOff(2 * 365 * 86_400_000)).toEqual({ unit: 'years', n: 2 })
})
