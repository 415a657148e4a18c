import { expect, test } from 'vitest'

import type { Conflict } from '../../api/types'
import { isOutdated, keep, valueOf, write, writesOf, written } from './pick'

const origin = {
  device: '手機',
  device_id: '',
  inspector: '甲',
  seq: 1,
  position: 1,
  wall_at: 0,
  received_at: 0,
}

const conflict: Conflict = {
  id: 'c',
  row_label: { zh: '發現', en: 'Finding' },
  table: 'finding',
  row: '',
  column: 'detail',
  label: { zh: '詳細描述', en: 'Detail' },
  title: '',
  unit: '',
  team: '',
  state: 'open',
  opened_at: 0,
  read_at: 7,
  base: '原文',
  writes: [
    { ...origin, hash: 'h0', value: '甲文', competing: true, stands: false },
    { ...origin, hash: 'h1', competing: true, stands: false },
    { ...origin, hash: 'h2', value: '丙文', competing: true, stands: true },
  ],
}

test('keeping one of the writes sends its value, and none for an emptied cell', () => {
  expect(valueOf(keep(conflict, 0))).toBe('甲文')
  expect(valueOf(keep(conflict, 1))).toBeNull()
  expect(valueOf(keep(conflict, 9))).toBeUndefined()
})

test('writes that compete come before those that were replaced', () => {
  const [first, ...rest] = conflict.writes ?? []
  const gone = first ? [{ ...first, competing: false }] : []
  const order = writesOf({ ...conflict, writes: [...gone, ...rest] })
  expect(order.map((w) => w.hash)).toEqual(['h1', 'h2', 'h0'])
})

test('writing another value starts from the one that stands', () => {
  expect(valueOf(write(conflict))).toBe('丙文')
})

test('an empty field is no decision; emptying the cell is', () => {
  expect(valueOf(written(write(conflict), ''))).toBeUndefined()
  expect(valueOf(written(write(conflict), null))).toBeNull()
})

test('where the column names its values, one has to be chosen', () => {
  const graded = { ...conflict, choices: [{ code: 'minor', label: { zh: '輕微', en: 'Minor' } }] }
  expect(valueOf(write(graded))).toBeUndefined()
  expect(valueOf(written(write(graded), 'minor'))).toBe('minor')
})

test('a draft is outdated when another write joined, not when the campaign moved on', () => {
  const draft = keep(conflict, 0)
  expect(isOutdated(draft, { ...conflict, read_at: 99 })).toBe(false)
  const joined = [
    ...(conflict.writes ?? []),
    { ...origin, hash: 'h3', competing: true, stands: false },
  ]
  expect(isOutdated(draft, { ...conflict, writes: joined })).toBe(true)
  expect(draft.seen.read_at).toBe(7)
})
