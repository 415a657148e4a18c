import { expect, test } from 'vitest'

import { blankDetails, gapsOf, sentOf } from './details'
import { beginOf, dayOf, endOf } from './days'

test('days are those of China, from the first moment to the last', () => {
  expect(beginOf('2026-11-25')).toBe(Date.UTC(2026, 10, 24, 16))
  expect(dayOf(beginOf('2026-11-25'))).toBe('2026-11-25')
  expect(dayOf(endOf('2026-11-25'))).toBe('2026-11-25')
  expect(dayOf((endOf('2026-11-25') ?? 0) + 1)).toBe('2026-11-26')
  expect([dayOf(undefined), beginOf(''), endOf('soon')]).toEqual(['', undefined, undefined])
})

test('a campaign needs a code, a name, and an end that is not before its beginning', () => {
  const form = { ...blankDetails(), code: '2026-11', name: '十一月核查' }
  expect(gapsOf(form)).toEqual({})
  expect(gapsOf({ ...form, begins: '2026-11-25', ends: '2026-11-24' })).toEqual({
    ends: 'round.need.ends',
  })
  expect(Object.keys(gapsOf({ ...form, code: '十一月', name: ' ' }))).toEqual(['code', 'name'])
  expect(sentOf({ ...form, city: ' 某市 ' })).toEqual({ name: '十一月核查', city: '某市' })
})
