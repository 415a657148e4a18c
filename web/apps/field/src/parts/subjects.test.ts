import type { VerificationView } from '@sansuiji/local'
import type { Id } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { matchingSubjects, nextOpen, openCount, progressOf, type ListedSubject } from './subjects'

const titles = ['村道積水', '公開欄空白', '村務未公開', '路燈不亮']

function list(...verified: readonly number[]): readonly ListedSubject[] {
  return titles.map((title, i) => {
    const verification = verified.includes(i) ? ({ outcome: 'not' } as VerificationView) : null
    return { id: String(i) as Id, number: i + 9, title, verification }
  })
}

test('the next to verify is the next in the list, then the first that was passed over', () => {
  expect(nextOpen(list(1), '0' as Id)).toBe('2')
  expect(nextOpen(list(1, 2), '3' as Id)).toBe('0')
  expect(nextOpen(list(0, 1, 2), '3' as Id), 'the last one open is the one at hand').toBeNull()
  expect(nextOpen([], '3' as Id)).toBeNull()
})

test('a verification without an outcome is none', () => {
  const noted = { ...list()[0], verification: { outcome: null } } as ListedSubject
  expect(openCount([noted])).toBe(1)
  expect(progressOf(list(1, 3))).toBe('2/4')
  expect(progressOf([])).toBe('0')
})

test('problems are found by their number, whole, and by words of their title', () => {
  const found = (typed: string) => matchingSubjects(list(), typed).map(({ number }) => number)
  expect(found('１0')).toEqual([10])
  expect(found('1')).toEqual([])
  expect(found('公開')).toEqual([10, 11])
  expect(found('公開 11')).toEqual([11])
  expect(found('  ')).toHaveLength(4)
})
