import { expect, test } from 'vitest'

import { hundredthsOf, neighbour, textOf } from './mark'

test('a mark is read exactly as it is typed', () => {
  const typed = ['85', '87.5', '87.05', ' 0 ', '100', '', '100.01', '-1', '8.123', 'x', '1e2']
  expect(typed.map((text) => hundredthsOf(text, 100))).toEqual([
    8500,
    8750,
    8705,
    0,
    10000,
    undefined,
    ...['wrong', 'wrong', 'wrong', 'wrong', 'wrong'],
  ])
  expect([8500, 8750, 8705, 0, 10000, null].map(textOf)).toEqual([
    ...['85', '87.5', '87.05', '0', '100', ''],
  ])
})

test('every mark up to a hundred comes back as it was', () => {
  for (let n = 0; n <= 10_000; n++) expect(hundredthsOf(textOf(n), 100)).toBe(n)
})

test('keys lead to neighbours and never out of the grid', () => {
  const size = [3, 2] as const
  expect(neighbour('ArrowDown', [0, 0], size)).toEqual([1, 0])
  expect(neighbour('ArrowUp', [0, 1], size)).toEqual([0, 1])
  expect(neighbour('Enter', [2, 0], size)).toEqual([0, 1])
  expect(neighbour('Enter', [2, 1], size)).toEqual([2, 1])
  expect(neighbour('a', [0, 0], size)).toBeUndefined()
})
