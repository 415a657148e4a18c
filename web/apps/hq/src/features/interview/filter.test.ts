import { expect, test } from 'vitest'

import { isCalled, matches, teamsOf } from './filter'
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

test('teams are named once', () => {
  const sites = ['乙', '甲', '乙', ''].map((team) => siteOf({ team }))
  expect(teamsOf(sites)).toEqual(['乙', '甲'])
})
