import { expect, test } from 'vitest'

import { neighbour } from './walk'

const ids = ['a', 'b', 'c']

test('the neighbour is one step away, and there is none beyond the ends', () => {
  expect(neighbour(ids, 'b', 1, 1)).toBe('c')
  expect(neighbour(ids, 'b', 1, -1)).toBe('a')
  expect(neighbour(ids, 'c', 2, 1)).toBeUndefined()
  expect(neighbour(ids, 'a', 0, -1)).toBeUndefined()
})

test('with nothing open the walk starts at the top', () => {
  expect(neighbour(ids, '', -1, 1)).toBe('a')
  expect(neighbour([], '', -1, 1)).toBeUndefined()
})

test('after a decided finding has left the list, the one that took its place is next', () => {
  expect(neighbour(ids, 'gone', 1, 1)).toBe('b')
  expect(neighbour(ids, 'gone', 1, -1)).toBe('a')
  expect(neighbour(ids, 'gone', 3, 1)).toBe('c')
})
