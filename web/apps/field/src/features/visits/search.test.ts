import type { VisitSummary } from '@sansuiji/local'
import { foldHan } from '@sansuiji/protocol/han'
import { expect, test } from 'vitest'

import { plainly } from '../../parts/search'
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

test('a visit is found in whichever characters its name and the search are written', () => {
  const found = (typed: string) => matching(visits, typed, (text) => foldHan(plainly(text)))
  expect(found('石桥').map((v) => v.name)).toEqual(['石橋村'])
  expect(found('东县 柳林').map((v) => v.name)).toEqual(['柳林村'])
})

test('visits that were left are done', () => {
  expect(doneCount(visits)).toBe(1)
})
