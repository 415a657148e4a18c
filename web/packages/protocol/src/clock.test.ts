import { expect, test } from 'vitest'

import { fromMillis, millisOf, next } from './clock'

test('a wall clock that runs gives its own time', () => {
  expect(next(fromMillis(1000), 2000)).toBe(fromMillis(2000))
})

test('a wall clock that stands still or falls back still gives a later time', () => {
  const seen = fromMillis(5000) + 7n
  expect(next(seen, 5000)).toBe(seen + 1n)
  expect(next(seen, -3)).toBe(seen + 1n)
  expect(millisOf(next(seen, 1))).toBe(5000)
})

test('the shared vector: 1790000000123 ms and a counter of 7', () => {
  expect(fromMillis(1790000000123) + 7n).toBe(117309440008060935n)
})
