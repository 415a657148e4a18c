import { expect, test } from 'vitest'

import { attachmentOf } from '../../attachment/testing'
import { couplesOf } from './alike'
import { matches, teamsOf, totalsOf } from './filter'

const none = new Map<string, readonly string[]>()

test('an attachment is found by its unit, its person, their team, or its caption', () => {
  const teams = teamsOf([
    { name: '王敏', team: '第一核查組' },
    { name: '王敏', team: '第三核查組' },
  ])
  const one = attachmentOf({ caption: '公示欄' })
  for (const q of ['柳溪', '王敏 公示', '第三']) {
    expect(matches(one, { q }, teams), q).toBe(true)
  }
  expect(matches(one, { q: '第二' }, teams)).toBe(false)
})

test('the list narrows by kind and by state, and a state not known narrows nothing', () => {
  const one = attachmentOf({ there: false, source: 'gallery' })
  expect(matches(one, { kind: 'photo', state: 'missing' }, none)).toBe(true)
  expect(matches(one, { state: 'gallery' }, none)).toBe(true)
  expect(matches(one, { kind: 'sound' }, none)).toBe(false)
  expect(matches(one, { state: 'there' }, none)).toBe(false)
  expect(matches(one, { state: 'of-tomorrow' }, none)).toBe(true)
})

test('totals say who still has what is missing, the most first', () => {
  const away = (inspector: string) => attachmentOf({ there: false, inspector })
  const list = [
    attachmentOf(),
    away('甲'),
    away('乙'),
    away('乙'),
    attachmentOf({ there: false, withdrawn: true }),
  ]
  expect(totalsOf(list)).toEqual({
    all: 5,
    there: 1,
    missing: 3,
    withdrawn: 1,
    waiting: [
      { who: '乙', count: 2 },
      { who: '甲', count: 1 },
    ],
  })
})

test('what is the same comes first, then what was taken at different units', () => {
  const list = [
    attachmentOf({ id: 'a', taken_at: 0 }),
    attachmentOf({ id: 'b', taken_at: 60_000 }),
    attachmentOf({ id: 'c', unit: '石門村', inspector: '李強' }),
  ]
  const pair = (first: string, second: string, same: boolean) => ({ first, second, same })
  const pairs = [pair('a', 'b', false), pair('a', 'c', false), pair('b', 'c', true)]
  const couples = couplesOf([...pairs, pair('a', 'gone', true)], list)
  expect(couples.map(({ id, sameUnit, samePerson }) => [id, sameUnit, samePerson])).toEqual([
    ['b c', false, false],
    ['a c', false, false],
    ['a b', true, true],
  ])
  expect(couples[2]?.apart).toBe(60_000)
})
