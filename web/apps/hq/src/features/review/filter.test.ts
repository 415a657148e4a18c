import { expect, test } from 'vitest'

import { filterOf, isNarrowed, pageOf, queryOf, reportAddress, withFilter } from './filter'

test('an address keeps the filters and the page', () => {
  const filter = { team: 't1', severity: 'serious', q: '公示欄' }
  const query = queryOf(filter, 3)
  expect(query).toEqual({ ...filter, page: '3' })
  expect(filterOf(query)).toEqual(filter)
  expect(pageOf(query)).toBe(3)
})

test('the first page and empty filters leave no trace in the address', () => {
  expect(queryOf({ county: '' }, 1)).toEqual({})
})

test('an address somebody meddled with still opens', () => {
  expect(filterOf({ team: ['a', 'b'], q: null, other: 'x', kind: ' ' })).toEqual({})
  expect(pageOf({ page: '-1' })).toBe(1)
  expect(pageOf({ page: '2.5' })).toBe(1)
  expect(pageOf({ page: 'x' })).toBe(1)
  expect(filterOf({ q: '長'.repeat(300) }).q).toHaveLength(100)
})

test('clearing one filter keeps the others', () => {
  const filter = withFilter({ team: 't1', kind: 'problem' }, 'team', undefined)
  expect(filter).toEqual({ kind: 'problem' })
  expect(isNarrowed(filter)).toBe(true)
  expect(isNarrowed(withFilter(filter, 'kind', ''))).toBe(false)
})

test('the report is asked for with the filters and in the language of the screen', () => {
  expect(reportAddress('c1', { county: '雲台縣', review: 'pending' }, 'en')).toBe(
    `/api/hq/campaigns/c1/report.xlsx?county=${encodeURIComponent('雲台縣')}&review=pending&lang=en`,
  )
})
