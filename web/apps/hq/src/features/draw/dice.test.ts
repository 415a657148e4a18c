import { expect, test } from 'vitest'

import { cleanDigits, digitsOf, emptyCells, putDigits, spotAfter, throwsOf } from './dice'

test('a die of ten sides shows 0 to 9, others 1 to their sides', () => {
  expect(digitsOf(10)).toBe('0123456789')
  expect(digitsOf(6)).toBe('123456')
})

test('only digits that a die can show get in, in whatever width they are typed', () => {
  expect(cleanDigits(' 0 8-７7x', 10)).toBe('0877')
  expect(cleanDigits('0 1 7 6', 6)).toBe('16')
})

test('digits go on over the ends of rows and stop at the last field', () => {
  const cells = putDigits(emptyCells(2, 3), { person: 0, throw: 1 }, '1234567')
  expect(cells).toEqual([
    ['', '1', '2'],
    ['3', '4', '5'],
  ])
  expect(spotAfter(cells, { person: 0, throw: 2 }, 1)).toEqual({ person: 1, throw: 0 })
  expect(spotAfter(cells, { person: 0, throw: 0 }, -1)).toEqual({ person: 0, throw: 0 })
  expect(spotAfter(cells, { person: 1, throw: 2 }, 5)).toEqual({ person: 1, throw: 2 })
})

test('throws are whole only when no digit is missing', () => {
  const half = putDigits(emptyCells(2, 2), { person: 0, throw: 0 }, '123')
  expect(throwsOf(['R1', 'R2'], half)).toBeUndefined()
  expect(throwsOf(['R1', 'R2'], putDigits(half, { person: 1, throw: 1 }, '0'))).toEqual([
    { by: 'R1', digits: '12' },
    { by: 'R2', digits: '30' },
  ])
})
