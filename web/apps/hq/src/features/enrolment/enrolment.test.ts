import { expect, test } from 'vitest'

import type { Inspector } from '../../api/types'
import { groupByTeam } from './enrolment'

const inspector = (name: string, team: string, role: string): Inspector => ({
  id: name,
  name,
  team,
  team_id: team,
  role,
  devices: null,
})

test('inspectors stand by team, the leader first, those without a team last', () => {
  const groups = groupByTeam([
    inspector('己', '', ''),
    inspector('乙', '一組', 'member'),
    inspector('丙', '二組', 'member'),
    inspector('甲', '一組', 'leader'),
  ])
  expect(groups.map(({ team, inspectors }) => [team, inspectors.map((i) => i.name)])).toEqual([
    ['一組', ['甲', '乙']],
    ['二組', ['丙']],
    ['', ['己']],
  ])
})
