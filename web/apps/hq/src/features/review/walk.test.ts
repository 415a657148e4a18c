import { expect, test } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'

import type { Finding } from '../../api/types'
import { neighbour, useWalk } from './walk'

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

const pages = 3

/** A list of three pages with two rows of each; the finding of row 2 leaves it when it is read anew. */
function walkAt(page: number, open: string) {
  const rowsOf = (...ids: readonly string[]) => ids.map((id) => ({ id }) as Finding)
  const [at, shown, rows] = [
    ref(page),
    ref(open),
    ref(rowsOf(`${String(page)}a`, `${String(page)}b`)),
  ]
  const goTo = (to: number): void => {
    at.value = to
    rows.value = rowsOf(`${String(to)}a`, `${String(to)}b`)
  }
  const query = {
    isSuccess: ref(true),
    isPlaceholderData: ref(false),
    refetch: () => Promise.resolve().then(() => ({ data: { findings: rows.value } })),
  }
  const show = (id: string): void => {
    shown.value = id
  }
  const walked = { query, rows, page: at, open: shown, total: ref(pages * 50), show, goTo }
  const scope = effectScope()
  const steps = scope.run(() => useWalk(walked))
  if (!steps) throw new Error('no scope')
  return { ...steps, at, shown, rows, rowsOf }
}

test('a step over the edge of a page enters the next one, or the one before from its end', async () => {
  const walk = walkAt(2, '2b')
  walk.step(1)
  await nextTick()
  expect([walk.at.value, walk.shown.value]).toEqual([3, '3a'])
  walk.step(-1)
  await nextTick()
  expect([walk.at.value, walk.shown.value]).toEqual([2, '2b'])
  const last = walkAt(3, '3b')
  last.step(1)
  await nextTick()
  expect([last.at.value, last.shown.value]).toEqual([3, '3b'])
})

test('after a decision the one that moved up comes next, and no page is skipped', async () => {
  const walk = walkAt(1, '1b')
  await nextTick()
  walk.rows.value = walk.rowsOf('1a', '1b')
  const onward = walk.advance()
  walk.rows.value = walk.rowsOf('1a', '2a')
  await onward
  expect([walk.at.value, walk.shown.value]).toEqual([1, '2a'])
  const kept = walkAt(1, '1b')
  await kept.advance()
  await nextTick()
  expect([kept.at.value, kept.shown.value]).toEqual([2, '2a'])
})
