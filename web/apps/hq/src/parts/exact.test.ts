import { expect, test } from 'vitest'

import { formatExact, formatSpan } from './exact'

test('a moment is written to the second', () => {
  const at = new Date(2026, 10, 20, 9, 3, 7).getTime()
  expect(formatExact(at)).toBe('2026-11-20 09:03:07')
})

test('a span is told by its largest unit', () => {
  expect(formatSpan(3 * 86_400_000 + 5, 'zh')).toMatch(/^3 ?[天日]$/)
  expect(formatSpan(12 * 60_000, 'en')).toBe('12 minutes')
  expect(formatSpan(0, 'en')).toBe('0 seconds')
})
