import { expect, test } from 'vitest'

import { problemMessage, reasonMessage } from './fault'
import { formatDay, formatMoment, formatPlace } from './format'

test('a problem document is told in the chosen language, title and advice', () => {
  const problem = { code: 'enrolment-code-used', status: 409, title: 'x', detail: 'y' }
  expect(problemMessage(problem, 'zh').title).toBe('登記碼已被使用')
  expect(problemMessage(problem, 'en').advice).toContain('tell headquarters')
})

test('an answer that is no document of ours still says something', () => {
  const message = problemMessage({ code: '', status: 502, title: '', detail: '' }, 'zh')
  expect(message.title).toBe('服務器回答了錯誤 502')
  expect(reasonMessage('row-out-of-scope', 'zh').title).toBe('修改了不屬於本組的行')
})

test('days and places are written as people read them', () => {
  const at = Date.UTC(2026, 10, 23, 12)
  expect(formatDay(at, 'zh')).toBe('2026年11月23日')
  expect(formatDay(at, 'en')).toBe('23 Nov 2026')
  expect(formatDay(null, 'en')).toBe('')
  expect(formatMoment(at, 'zh', at)).toMatch(/^11月23日 ?\d\d:00$/)
  expect(formatPlace(310000000, -1200000000)).toBe('31.00000, -120.00000')
})
