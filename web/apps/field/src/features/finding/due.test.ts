import { expect, test } from 'vitest'

import { dateOf, dateText, dueIn } from './due'

const at = (year: number, month: number, day: number, hour = 0) =>
  new Date(year, month - 1, day, hour).getTime()

test('a deadline is the midnight of a day, and of the last one of a shorter month', () => {
  expect(dueIn('week', at(2026, 12, 28, 23))).toBe(at(2027, 1, 4))
  expect(dueIn('month', at(2026, 11, 26, 9))).toBe(at(2026, 12, 26))
  expect(dueIn('month', at(2027, 1, 31))).toBe(at(2027, 2, 28))
  expect(dueIn('quarter', at(2026, 11, 30))).toBe(at(2027, 2, 28))
})

test('a day goes into an input of dates and back', () => {
  expect(dateText(at(2027, 2, 3, 15))).toBe('2027-02-03')
  expect(dateOf('2027-02-03')).toBe(at(2027, 2, 3))
  expect(dateOf('')).toBeNull()
})
