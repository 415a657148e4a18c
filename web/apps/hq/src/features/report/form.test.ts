import { expect, test } from 'vitest'

import type { Visit } from '../../api/types'
import {
  annexesOf,
  blankForm,
  filterFrom,
  formatsOf,
  megabytes,
  orderOf,
  percentOf,
  ready,
  unitsOf,
  withKind,
  type Form,
  type Order,
} from './form'

function visitOf(change: Partial<Visit>): Visit {
  return {
    id: 'v',
    unit: '槐塘村',
    code: 'V1',
    category: 'village',
    county: '霽川縣',
    team: '第一核查組',
    team_id: 't',
    status: 'planned',
    subjects: 0,
    verified: 0,
    findings: 0,
    questions: 0,
    answered: 0,
    interviews: 0,
    photos: 0,
    missing: 0,
    signoff: '',
    ...change,
  }
}

const filled: Form = {
  ...blankForm('zh'),
  county: '霽川縣',
  unit: 'V1',
  visit: 'v',
  to: ' 市委 ',
  issue: '3',
  pending: true,
  bodyFont: '仿宋',
}

test('a document is asked for with what its kind takes, and no more', () => {
  expect(orderOf(filled)).toEqual({
    kind: 'inspection',
    format: 'docx',
    language: 'zh',
    county: '霽川縣',
    unit: 'V1',
    to: '市委',
    pending: true,
    look: { body_font: '仿宋' },
  })
  expect(orderOf({ ...filled, kind: 'progress', format: 'pdf' })).toEqual({
    kind: 'progress',
    format: 'pdf',
    language: 'zh',
    county: '霽川縣',
    issue: '3',
  })
})

test('another kind keeps the format that it has', () => {
  const pdf: Form = { ...filled, format: 'pdf' }
  expect(withKind(pdf, 'ranking').format).toBe('pdf')
  expect(withKind(pdf, 'ledger').format).toBe('xlsx')
  expect(withKind(withKind(pdf, 'ledger'), 'feedback').format).toBe('docx')
  expect(formatsOf('ranking')).toContain('xlsx')
  expect(orderOf({ ...withKind(filled, 'ledger'), plain: true })).toEqual({
    kind: 'ledger',
    format: 'xlsx',
    language: 'zh',
    county: '霽川縣',
    unit: 'V1',
    plain: true,
  })
})

test('a workbook of findings keeps the filter of their list, and no other kind does', () => {
  const filter = filterFrom('county=霽川縣&review=pending&page=3&q=')
  expect(filter).toEqual({ county: '霽川縣', review: 'pending' })
  const form: Form = { ...blankForm('zh'), filter }
  expect(orderOf(withKind(form, 'findings')).filter).toEqual(filter)
  expect(orderOf(withKind(form, 'ledger'))).not.toHaveProperty('filter')
})

test('a letter wants a unit, and a sheet a visit', () => {
  expect(ready({ ...blankForm('zh'), kind: 'feedback' })).toBe(false)
  expect(ready({ ...filled, kind: 'feedback' })).toBe(true)
  expect(ready({ ...blankForm('zh'), kind: 'visit' })).toBe(false)
  expect(ready(blankForm('zh'))).toBe(true)
})

test('units are those of the chosen county, each once', () => {
  const visits = [
    visitOf({}),
    visitOf({ id: 'w' }),
    visitOf({ code: 'S1', unit: '一小', county: '雲汀區' }),
  ]
  expect(unitsOf(visits, filled)).toEqual([{ value: 'V1', label: '槐塘村（霽川縣）' }])
  expect(unitsOf(visits, { ...filled, kind: 'feedback' })).toHaveLength(2)
})

test('progress and sizes are told as people read them', () => {
  expect(percentOf({ done: 0, total: 0 })).toBe(0)
  expect(percentOf({ done: 300, total: 600 })).toBe(50)
  expect(megabytes(61_234)).toBe('0.06')
  expect(megabytes(182_400_000)).toBe('182')
})

test('a report is followed by the workbooks that it names, of the same place and language', () => {
  const order: Order = { kind: 'inspection', format: 'pdf', language: 'en', county: '東縣' }
  const book = { format: 'xlsx', language: 'en', county: '東縣' }
  expect(annexesOf({ ...order, to: '市委', pending: true })).toEqual([
    { kind: 'problems', ...book },
    { kind: 'ledger', ...book },
    { kind: 'findings', ...book, filter: { kind: 'achievement', review: 'accepted' } },
  ])
  expect(annexesOf({ ...order, kind: 'feedback' })).toEqual([])
})
