import { expect, test } from 'vitest'

import { plainKey, readPaste } from './paste'

const none = new Map<string, string>()

test('people come with tabs, commas or a gap, and in quotation marks', () => {
  const { people, unread } = readPaste(
    'key,name\n3-12 張三\r\n3-13\t李四\t外出\n3-14，王五\n3-15,"叫 ""阿四"", 的",\n\n3-16\n 3-17  歐陽 明 ',
    none,
  )
  expect(unread).toEqual([])
  expect(people).toEqual([
    { key: '3-12', name: '張三', note: '' },
    { key: '3-13', name: '李四', note: '外出' },
    { key: '3-14', name: '王五', note: '' },
    { key: '3-15', name: '叫 "阿四", 的', note: '' },
    { key: '3-16', name: '', note: '' },
    { key: '3-17', name: '歐陽 明', note: '' },
  ])
})

test('what cannot be read is told line by line, with its reason', () => {
  const text = '第三頁\n3-1 甲\n3-1 乙\n3-2 丙\n3-3,丁,,,戊\n,己'
  const { people, unread } = readPaste(text, new Map([['3-2', '老丙']]))
  expect(people).toEqual([{ key: '3-1', name: '甲', note: '' }])
  expect(unread).toEqual([
    { line: 1, text: '第三頁', why: 'no-key', other: '' },
    { line: 3, text: '3-1 乙', why: 'twice', other: '甲' },
    { line: 4, text: '3-2 丙', why: 'known', other: '老丙' },
    { line: 5, text: '3-3,丁,,,戊', why: 'fields', other: '' },
    { line: 6, text: ',己', why: 'no-key', other: '' },
  ])
})

test('full-width figures and all dashes are taken for what they stand for', () => {
  for (const typed of ['３－１２', '3–12', '3—12', ' 3−12 ']) expect(plainKey(typed)).toBe('3-12')
})
