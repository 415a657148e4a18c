import { expect, test } from 'vitest'

import type { Candidate } from '../../api/types'
import { idsOf, pickedMax, toggled, withAll } from './candidates'
import { followed, suggestedBy } from './terms'

test('a suggestion makes room for the next, and what was typed stays', () => {
  const none = suggestedBy(undefined)
  const first = { responsible_unit: '鎮政府', due: '2026-12-15' }
  expect(followed(none, none, first)).toEqual(first)
  expect(followed(first, first, none)).toEqual(none)
  const typed = { responsible_unit: '市民政局', due: '2026-12-15' }
  expect(followed(typed, first, none)).toEqual({ responsible_unit: '市民政局', due: '' })
})

test('what is chosen stays within what the server takes', () => {
  const some = Array.from({ length: pickedMax + 5 }, (_, i): Candidate => {
    const plain = { title: '', detail: '', severity: '', unit: '', county: '', units: 1 }
    return { ...plain, responsible_unit: '', finding_id: `f${String(i)}` }
  })
  const [first, second] = some
  if (!first || !second) throw new Error('no candidates')
  const one = toggled(toggled(toggled(new Map(), first), second), first)
  expect(idsOf(one)).toEqual({ finding_ids: ['f1'], conclusion_ids: [] })
  const all = withAll(one, some)
  expect(all.size).toBe(pickedMax)
  const last = some.at(-1)
  if (last) expect(toggled(all, last).size).toBe(pickedMax)
  expect(toggled(all, first).size).toBe(pickedMax - 1)
})
