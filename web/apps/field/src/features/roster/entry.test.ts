import type { PersonView } from '@sansuiji/local'
import { expect, test } from 'vitest'

import { firstKey, isSizeOff, lastFirst, matching, nextKey, nextPage, sizeOf } from './entry'

const none = new Map<string, string>()
const person = (key: string, name = ''): PersonView => ({ key, name, note: '', late: false })

test('the next line follows by itself, past those that are there', () => {
  expect(nextKey('3-12', none)).toBe('3-13')
  expect(nextKey('D009', none)).toBe('D010')
  expect(nextKey('D999', none)).toBe('D1000')
  expect(
    nextKey(
      '3-12',
      new Map([
        ['3-13', '甲'],
        ['3-14', '乙'],
      ]),
    ),
  ).toBe('3-15')
  expect(nextKey('東屋', none)).toBe('東屋')
})

test('the next page begins with its first line', () => {
  expect(nextPage('3-12')).toBe('4-1')
  expect(nextPage('A3－12')).toBe('A4-1')
  expect(nextPage('D001')).toBe('D001')
})

test('typing begins after the end of the register', () => {
  expect(firstKey('register', [], none)).toBe('1-1')
  expect(firstKey('doors', [], none)).toBe('D001')
  expect(firstKey('register', [person('3-2'), person('3-12')], none)).toBe('3-13')
})

test('people are listed from the end of the register, and found by any words', () => {
  const people = [person('3-2', '張三'), person('10-1', '李四'), person('3-12', '張思')]
  expect(lastFirst(people).map(({ key }) => key)).toEqual(['10-1', '3-12', '3-2'])
  expect(matching(people, ' 張 3-1').map(({ key }) => key)).toEqual(['3-12'])
})

test('a size far from the register’s is off', () => {
  expect([69, 70, 100, 130, 131].map((n) => isSizeOff(n, 100))).toEqual([
    true,
    false,
    false,
    false,
    true,
  ])
  expect(isSizeOff(5, null)).toBe(false)
  expect(['', '１２０', '0', '12a'].map(sizeOf)).toEqual([null, 120, undefined, undefined])
})
