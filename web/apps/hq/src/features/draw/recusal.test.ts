import { expect, test } from 'vitest'

import type { Stratum } from '../../api/types'
import { pairOf, teamIdOf } from './form'
import { pairsOf } from './recusal'

const stratum = (id: string, county: string): Stratum => ({
  id,
  county,
  category: '',
  units: 1,
})

test('a recusal bars its team from every stratum of the county, once', () => {
  const strata = [
    stratum('C01.village', '霽川縣'),
    stratum('C01.school', '霽川縣'),
    stratum('C02.village', '雲汀區'),
  ]
  const recusal = { row: 2, person: '王堃', team_id: 't', number: 7, county: '霽川縣', reason: '' }
  expect(
    pairsOf([recusal, { ...recusal, person: '陳玥' }, { ...recusal, county: '甲縣' }], strata),
  ).toEqual([pairOf(teamIdOf(7), 'C01.village'), pairOf(teamIdOf(7), 'C01.school')])
})
