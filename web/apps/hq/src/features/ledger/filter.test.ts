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

test('days are whole, and an hour late is a day late', () => {
  const day = 86_400_000
  expect([0, day - 1, day, -1, -day].map((millis) => daysTo(millis, 0))).toEqual([0, 0, 1, -1, -1])
})

test('a deadline is the end of a working day in China, whatever the browser says', () => {
  const at = momentOf('2026-12-31')
  expect(at).toBe(Date.UTC(2026, 11, 31, 10))
  expect(dayOf(at)).toBe('2026-12-31')
  expect(momentOf('')).toBeUndefined()
  expect(dayOf(undefined)).toBe('')
})
