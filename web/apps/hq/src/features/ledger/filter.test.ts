import { expect, test } from 'vitest'

import { dayOf, daysTo, momentOf, viewOf, withView } from './filter'

test('a view takes the place of another and leaves the rest of the filter', () => {
  const filter = { state: 'claimed', county: '霽川縣' }
  expect(viewOf(filter)).toBe('claimed')
  expect(withView(filter, 'overdue')).toEqual({ county: '霽川縣', due: 'overdue' })
  expect(withView({ due: 'week' }, 'closed')).toEqual({ state: 'closed' })
  expect(withView({ due: 'week', q: '燈' }, 'all')).toEqual({ q: '燈' })
  expect(viewOf({ state: 'x' })).toBe('all')
})

test('a deadline is kept until the end of its day in China', () => {
  const at = (text: string): number => Date.parse(`${text}:00+08:00`)
  const due = at('2026-11-26T18:00')
  const nows = ['2026-11-25T19:00', '2026-11-26T00:00', '2026-11-26T23:59', '2026-11-27T00:00']
  expect(nows.map((now) => daysTo(due, at(now)))).toEqual([1, 0, 0, -1])
  expect(daysTo(at('2026-11-26T00:00'), at('2026-11-26T09:00'))).toBe(0)
  expect(daysTo(at('2026-10-09T18:00'), at('2026-11-26T19:22'))).toBe(-48)
})

test('a deadline is the end of a working day in China, whatever the browser says', () => {
  const at = momentOf('2026-12-31')
  expect(at).toBe(Date.UTC(2026, 11, 31, 10))
  expect(dayOf(at)).toBe('2026-12-31')
  expect(momentOf('')).toBeUndefined()
  expect(dayOf(undefined)).toBe('')
})
