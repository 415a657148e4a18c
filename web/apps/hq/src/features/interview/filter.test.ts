import { expect, test } from 'vitest'

import { filterOf, isCalled, matches, pageOf, teamsOf, withFilter } from './filter'
import { siteOf } from './testing'

test('a site is found by its unit, code, county or team, whatever the case', () => {
  const site = siteOf()
  for (const search of ['柳溪', 'v007', '西縣 柳', '第一']) {
    expect(isCalled(site, search), search).toBe(true)
  }
  expect(isCalled(site, '柳溪 東縣')).toBe(false)
})

test('filters narrow by team, state, and flags, one or any', () => {
  const site = siteOf({ state: 'opened', flags: ['size'] })
  expect(matches(site, {})).toBe(true)
  expect(matches(site, { team: '第二核查組' })).toBe(false)
  expect(matches(site, { state: 'opened', flag: 'any' })).toBe(true)
  expect(matches(site, { flag: 'size' })).toBe(true)
  expect(matches(site, { flag: 'fails' })).toBe(false)
  expect(matches(siteOf({ flags: null }), { flag: 'any' })).toBe(false)
})

test('the choice is read from the address, and a page past the end is the last', () => {
  const filter = filterOf({ q: ' 柳 ', state: '', other: 'x' })
  expect(filter).toEqual({ q: '柳' })
  expect(withFilter(filter, 'q', ' ')).toEqual({})
  expect(withFilter(filter, 'team', '一組')).toEqual({ q: '柳', team: '一組' })
  expect([pageOf({ page: '9' }, 120), pageOf({ page: '2' }, 120), pageOf({}, 0)]).toEqual([3, 2, 1])
})

test('teams are named once', () => {
  const sites = ['乙', '甲', '乙', ''].map((team) => siteOf({ team }))
  expect(teamsOf(sites)).toEqual(['乙', '甲'])
})
