import type { VisitSummary } from '@sansuiji/local'
import { expect, test } from 'vitest'

import { doneCount, matching } from './search'

const visit = (name: string, township: string, status = 'planned') =>
  ({ name, township, code: 'V001', county: '東縣', status }) as VisitSummary

const visits = [
  visit('柳溪村', '青山鎮', 'left'),
  visit('石橋村', '青山鎮'),
  visit('柳林村', '白水鄉'),
]

test('a visit is found by any words of its unit and place, in the drawn order', () => {
  expect(matching(visits, '柳').map((v) => v.name)).toEqual(['柳溪村', '柳林村'])
  expect(matching(visits, ' 青山  柳 ').map((v) => v.name)).toEqual(['柳溪村'])
  expect(matching(visits, 'v001').length).toBe(3)
  expect(matching(visits, '')).toEqual(visits)
})

test('visits that were left are done', () => {
  expect(doneCount(visits)).toBe(1)
})
