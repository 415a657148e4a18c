import { expect, test } from 'vitest'

import { formatAgo } from './ago'
import { cellText } from './cell'

const now = Date.UTC(2026, 10, 23, 12)

test('a choice is shown by its word', () => {
  expect(cellText('finding', 'severity', 'serious', 'zh', now)).toBe('較重')
  expect(cellText('finding', 'severity', 'serious', 'en', now)).toBe('Serious')
})

test('times and places are shown as people read them', () => {
  expect(cellText('finding', 'recorded_at', String(now), 'en', now)).toMatch(/^23 Nov/)
  expect(cellText('finding', 'latitude_e7', '231234567', 'zh', now)).toBe('23.12346')
})

test('text, and what the catalogue does not know, is shown as it came', () => {
  expect(cellText('finding', 'title', '20261123', 'zh', now)).toBe('20261123')
  expect(cellText('finding', 'severity', 'unheard-of', 'zh', now)).toBe('unheard-of')
  expect(cellText('no_such_table', 'x', '', 'zh', now)).toBe('')
  expect(cellText('finding', 'recorded_at', '昨天', 'zh', now)).toBe('昨天')
})

test('how long ago is told in the largest unit that fits', () => {
  expect(formatAgo(now - 3 * 60_000, 'en', now)).toBe('3 minutes ago')
  expect(formatAgo(now - 26 * 3_600_000, 'en', now)).toBe('yesterday')
  expect(formatAgo(now - 20_000, 'en', now)).toBe('this minute')
  expect(formatAgo(now + 60_000, 'en', now)).toBe('this minute')
  expect(formatAgo(now - 2 * 3_600_000, 'zh', now)).toBe('2 小時前')
})
