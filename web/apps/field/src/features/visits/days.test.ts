import type { VisitSummary } from '@sansuiji/local'
import { expect, test } from 'vitest'

import { byDay, firstOf, nameOf, nextOf, sayShortDay } from './days'

const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime()

function visit(name: string, plannedAt: number | null, status = 'planned'): VisitSummary {
  return { name, plannedAt, status } as VisitSummary
}

test('visits are grouped by day, the earliest first, each in the drawn order', () => {
  const days = byDay([
    visit('丙', at(27, 9)),
    visit('甲', at(26, 9)),
    visit('無', null),
    visit('乙', at(26, 8)),
  ])
  expect(days.map(({ visits }) => visits.map(({ name }) => name).join(''))).toEqual([
    '甲乙',
    '丙',
    '無',
  ])
  expect(days.at(-1)?.at).toBeNull()
})

test('the next unit is the first that is not behind the team', () => {
  const route = [
    visit('甲', null, 'closed'),
    visit('乙', null, 'left'),
    visit('丙', null, 'arrived'),
  ]
  expect(nextOf(route)?.name).toBe('丙')
  expect(nextOf(route.slice(0, 2))).toBeNull()
})

test('today and tomorrow have names, at the end of a month too', () => {
  const now = new Date(2026, 10, 30, 23).getTime()
  expect(nameOf(new Date(2026, 10, 30).getTime(), now)).toBe('today')
  expect(nameOf(new Date(2026, 11, 1).getTime(), now)).toBe('tomorrow')
  expect(nameOf(new Date(2026, 11, 2).getTime(), now)).toBeNull()
})

test('a day is said with its weekday', () => {
  expect(sayShortDay(at(27, 9), 'zh')).toBe('11月27日週五')
  expect(sayShortDay(at(1, 0), 'en')).toBe('Sun 1 Nov')
})

test('the first visits are those of the first days, and no day is left without one', () => {
  const days = byDay([visit('甲', at(26, 9)), visit('乙', at(26, 10)), visit('丙', at(27, 9))])
  const names = (most: number) =>
    firstOf(days, most).map(({ visits }) => visits.map(({ name }) => name).join(''))
  expect(names(1)).toEqual(['甲'])
  expect(names(2)).toEqual(['甲乙'])
  expect(names(Infinity)).toEqual(['甲乙', '丙'])
})
