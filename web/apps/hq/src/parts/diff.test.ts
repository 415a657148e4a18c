import fc from 'fast-check'
import { expect, test } from 'vitest'

import { diffText } from './diff'

const told = (before: string, after: string): string =>
  diffText(before, after)
    .map(({ kind, text }) => ({ same: text, removed: `[-${text}]`, added: `[+${text}]` })[kind])
    .join('')

test('a Chinese text shows only the characters that changed', () => {
  expect(told('簽到表筆跡一致。', '簽到表筆跡高度一致。')).toBe('簽到表筆跡[+高度]一致。')
  expect(told('兩名黨員表示沒有參加', '三名黨員承認沒有參加')).toBe(
    '[-兩][+三]名黨員[-表示][+承認]沒有參加',
  )
})

test('words and numbers are replaced whole', () => {
  expect(told('paid 2500 yuan', 'paid 3500 yuan')).toBe('paid [-2500][+3500] yuan')
})

test('a text written anew is shown as replaced, not as a patchwork', () => {
  expect(told('3月至6月的支部黨員大會無會議記錄。', '由總部核實後的描述。')).toBe(
    '[-3月至6月的支部黨員大會無會議記錄。][+由總部核實後的描述。]',
  )
})

test('nothing before or after is one piece', () => {
  expect(told('', '新的')).toBe('[+新的]')
  expect(told('舊的', '')).toBe('[-舊的]')
  expect(told('一樣', '一樣')).toBe('一樣')
  expect(told('', '')).toBe('')
})

test('texts too long to compare are shown as replaced', () => {
  const before = '甲'.repeat(5000)
  const after = '乙'.repeat(5000)
  expect(diffText(before, after).map((piece) => piece.kind)).toEqual(['removed', 'added'])
})

test('whatever the texts, the pieces give both back', () => {
  const text = fc.string({ unit: fc.constantFrom('村', '組', 'a', '7', ' ', '\n', '。') })
  fc.assert(
    fc.property(text, text, (before, after) => {
      const pieces = diffText(before, after)
      const without = (kind: string): string =>
        pieces.flatMap((piece) => (piece.kind === kind ? [] : [piece.text])).join('')
      expect(without('added')).toBe(before)
      expect(without('removed')).toBe(after)
      expect(pieces.every((piece) => piece.text !== '')).toBe(true)
    }),
  )
})
