import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { queryOf, spansText, tableAddress } from './audit'
import { kindText, kindWords, lookWords } from './kinds'
import { subjectText } from './subject'

/** Operations that take something out, which the log has although they change nothing. */
const notedReads = [
  'report',
  'report-file',
  'site-record.json',
  'site-roster.csv',
  'draw-frame.csv',
  'sealed-interview',
  'audit.csv',
]
const unnoted = ['login', 'logout']

const description = JSON.parse(readFileSync('packages/protocol/openapi.json', 'utf8')) as {
  readonly paths: Record<string, Record<string, { readonly operationId: string }>>
}

test('every operation that the log can have is called something in both languages', () => {
  const ids = Object.entries(description.paths)
    .filter(([path]) => path.startsWith('/api/hq/'))
    .flatMap(([, item]) => Object.entries(item))
    .filter(([, { operationId }]) => !unnoted.includes(operationId))
  const isDeed = (method: string, id: string) => method !== 'get' || notedReads.includes(id)
  const without = (words: object, deeds: boolean) =>
    ids
      .filter(([method, { operationId: id }]) => isDeed(method, id) === deeds && !(id in words))
      .map(([, { operationId }]) => operationId)
  expect(ids.length).toBeGreaterThan(100)
  expect(without(kindWords, true)).toEqual([])
  expect(without(lookWords, false)).toEqual([])
  const all = [...Object.values(kindWords), ...Object.values(lookWords)]
  expect(all.filter(({ zh }) => !/\p{Script=Han}/u.test(zh))).toEqual([])
})

test('everything that an address names is called something', () => {
  const id = '01900000-0000-7000-8000-00000000beef'
  const named = Object.entries(description.paths)
    .filter(([path]) => path.startsWith('/api/hq/') && /\{(?!campaign)/.test(path))
    .map(([path]) => path.slice('/api/hq'.length).replace(/\{\w+\}/g, id))
  expect(named.length).toBeGreaterThan(40)
  expect(named.filter((path) => !subjectText(path, 'zh').includes('…00beef'))).toEqual([])
  expect(subjectText(`/campaigns/${id}/findings/${id}/review`, 'zh')).toBe('發現 …00beef')
  expect(subjectText('/accounts/sun/role', 'en')).toBe('Account sun')
  for (const path of [
    '/me/password',
    `/campaigns/${id}/report.xlsx?lang=zh`,
    '',
    '/accounts',
    '%',
  ]) {
    expect(subjectText(path, 'en')).toBe('')
  }
})

test('lines stand as spans', () => {
  expect(
    spansText([
      { from: 4, to: 4 },
      { from: 6, to: 9 },
    ]),
  ).toBe('4, 6–9')
})

test('a kind that is new is shown as it is', () => {
  expect(kindText('login', 'en')).toBe('Signed in')
  expect(kindText('brand-new', 'zh')).toBe('brand-new')
})

test('days are whole ones, and what is no day does not narrow', () => {
  const { since = 0, until = 0 } = queryOf({ from: '2026-11-25', to: '2026-11-25' })
  expect(until - since).toBe(86_400_000)
  expect(queryOf({ from: 'yesterday', actor: 'li' })).toEqual({ actor: 'li' })
  expect(tableAddress({ kind: 'report' })).toBe('/api/hq/audit.csv?kind=report')
})
