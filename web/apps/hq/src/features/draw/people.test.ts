import { expect, test } from 'vitest'

import type { Inspector } from '../../api/types'
import { listOf, newMembers, peopleOf } from './people'

const inspector = (id: string, name: string, role: string): Inspector => ({
  id,
  name,
  role,
  team: '一組',
  team_id: '1',
  devices: null,
})

const all = [
  inspector('c', '丙', 'member'),
  inspector('a', '甲', 'leader'),
  inspector('b', '乙', 'member'),
]

test('inspectors keep their ids whatever the order of the list', () => {
  const ids = (list: readonly Inspector[]) => peopleOf(list).map(({ id, name }) => [id, name])
  expect(ids(all)).toEqual([
    ['I01', '甲'],
    ['I02', '乙'],
    ['I03', '丙'],
  ])
  expect(ids([...all].reverse())).toEqual(ids(all))
  expect(listOf(peopleOf(all)).split('\n')[1]).toBe('I02\t乙')
})

test('a role begins with everybody who has it, and places for all of them', () => {
  expect(newMembers('member', peopleOf(all), ['T1', 'T2'])).toEqual({
    role: 'member',
    people: ['I02', 'I03'],
    quota: { T1: 1, T2: 1 },
    barred: [],
  })
  expect(newMembers('member', peopleOf(all), []).people).toHaveLength(2)
})
