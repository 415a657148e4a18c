import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { queryOf, tableAddress } from './audit'
import { kindText, kindWords } from './kinds'

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
    .filter(([method, { operationId }]) => method !== 'get' || notedReads.includes(operationId))
    .map(([, { operationId }]) => operationId)
    .filter((id) => !unnoted.includes(id))
  expect(ids.length).toBeGreaterThan(40)
  expect(ids.filter((id) => !(id in kindWords))).toEqual([])
  expect(Object.values(kindWords).filter(({ zh }) => !/\p{Script=Han}/u.test(zh))).toEqual([])
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
