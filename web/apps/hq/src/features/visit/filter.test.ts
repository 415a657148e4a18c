import { expect, test } from 'vitest'

import type { Visit } from '../../api/types'
import { isLacking, matches, valuesOf } from './filter'

const visit = (more: Partial<Visit>): Visit => ({
  id: 'v',
  unit: '槐塘村',
  code: 'V1',
  category: 'village',
  county: '霽川縣',
  team: '一組',
  team_id: 't',
  status: 'left',
  subjects: 2,
  verified: 2,
  findings: 0,
  questions: 3,
  answered: 3,
  interviews: 0,
  photos: 0,
  missing: 0,
  signoff: 'signed',
  ...more,
})

test('visits are narrowed by team, state, county, words and what they lack', () => {
  const one = visit({})
  expect(matches(one, {})).toBe(true)
  expect(matches(one, { team: '一組', status: 'left', county: '霽川縣', q: '槐塘 v1' })).toBe(true)
  for (const filter of [
    { team: '二組' },
    { status: 'planned' },
    { county: '甲縣' },
    { q: '楊灣' },
  ]) {
    expect(matches(one, filter)).toBe(false)
  }
  expect(matches(visit({ missing: 1 }), { gap: 'photos' })).toBe(true)
  expect(matches(one, { gap: 'photos' })).toBe(false)
  expect(matches(one, { gap: 'other' })).toBe(false)
})

test('a visit that waits for its team lacks nothing', () => {
  expect(isLacking(visit({ verified: 0 }), 'verifying')).toBe(true)
  expect(isLacking(visit({ verified: 0, status: 'planned' }), 'verifying')).toBe(false)
  expect(isLacking(visit({ signoff: '' }), 'unsigned')).toBe(true)
  expect(valuesOf([visit({}), visit({ team: '' }), visit({})], 'team')).toEqual(['一組'])
})
