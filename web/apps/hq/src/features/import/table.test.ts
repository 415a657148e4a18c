import { expect, test } from 'vitest'

import {
  after,
  chosenOf,
  isSame,
  lacking,
  letterOf,
  mistakesTable,
  percentOf,
  repeatedOf,
  rowsText,
  sentOf,
  shared,
  type Field,
  type Mistake,
} from './table'

const field = (name: string, required: boolean, or?: string): Field => ({
  field: name,
  label: { zh: name, en: name },
  required,
  column: 0,
  header: '',
  ...(or === undefined ? {} : { or }),
})

test('columns are called as spreadsheets call them', () => {
  expect([1, 2, 26, 27, 52, 53, 200, 702, 703].map(letterOf)).toEqual([
    'A',
    'B',
    'Z',
    'AA',
    'AZ',
    'BA',
    'GR',
    'ZZ',
    'AAA',
  ])
})

test('a required field is lacking unless the other that can stand in for it is there', () => {
  const fields = [
    field('code', true, 'unit'),
    field('unit', true, 'code'),
    field('title', true),
    field('note', false),
  ]
  expect(lacking(fields, {})).toEqual(['code', 'unit', 'title'])
  expect(lacking(fields, { unit: 2, title: 3 })).toEqual([])
})

test('a mapping is compared and sent without the fields that have no column', () => {
  expect(isSame({ a: 1, b: 0 }, { a: 1 })).toBe(true)
  expect(isSame({ a: 1 }, { a: 2 })).toBe(false)
  expect(sentOf({ a: 1, b: 0 })).toEqual({ a: 1 })
  expect(shared({ a: 1, b: 2, c: 2, d: 0, e: 0 })).toEqual([2])
})

test('mistakes come as a table that no spreadsheet takes for formulas', () => {
  const say = { zh: '必須「填寫」', en: 'x' }
  const text = mistakesTable(
    ['行', '列'],
    [{ row: 3, field: 'a', column: '單位,名稱', value: '=1+1"', code: 'x', say }],
    'zh',
  )
  expect(text).toBe('\uFEFF"行","列"\r\n"3","單位,名稱","\'=1+1""","必須「填寫」"\r\n')
})

test('kinds follow each other, and progress is known once the rows are', () => {
  expect([chosenOf('ledger'), chosenOf('x'), chosenOf(undefined)]).toEqual([
    'ledger',
    'auto',
    'auto',
  ])
  expect([after('units'), after('people')]).toEqual(['problems', undefined])
  expect(percentOf({ stage: 'writing', done: 1, total: 3 })).toBe(33)
  expect(percentOf({ stage: 'reading', done: 0, total: 0 })).toBeUndefined()
})

test('the same mistake in many rows is told once, with its rows', () => {
  const mistake = (row: number, value: string): Mistake => ({
    ...{ row, column: '領域', field: 'category', value, code: 'choice' },
    say: { zh: '不在可選範圍內', en: 'no such choice' },
  })
  const rows = [2, 3, 4, 9, 11, 12]
  const told = repeatedOf([...rows.map((row) => mistake(row, '村莊')), mistake(5, '鄉村')])
  expect(told.map((one) => [one.mistake.value, one.rows])).toEqual([
    ['村莊', rows],
    ['鄉村', [5]],
  ])
  expect(rowsText(rows, 8)).toBe('2–4, 9, 11–12')
  expect(rowsText(rows, 2)).toBe('2–4, 9 …')
})
