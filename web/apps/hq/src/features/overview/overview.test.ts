import { expect, test } from 'vitest'

import type { CrewSummary, Overview, TeamSummary } from '../../api/types'
import { crewsOf, figuresOf, progressOf, visitedOf } from './overview'

const team = (number: number, visits: number, visited: number): TeamSummary => ({
  id: String(number),
  number,
  name: `第${number}組`,
  visits,
  visited,
  findings: 0,
})

const overview: Overview = {
  id: 'c',
  name: '',
  revision: 1,
  units: 2194,
  visits: 90,
  findings: 12,
  pending: 3,
  conflicts: 0,
  quarantined: 1,
  held: 2,
  aside: 1,
  entries: 40,
  counties: [],
  all_counties: [],
  teams: [team(2, 50, 10), team(1, 40, 40)],
}

test('teams stand in the order of their numbers, and visits reached are added up', () => {
  const crew = (t: TeamSummary): CrewSummary => ({
    ...t,
    problems: 0,
    pending: 0,
    missing: 0,
    unsent: 0,
    silent: 0,
    phones: [],
    where: '',
  })
  const crews = (overview.teams ?? []).map(crew)
  expect(crewsOf({ crews }).map((t) => t.number)).toEqual([1, 2])
  expect(visitedOf(overview)).toBe(50)
})

test('only all visits make a full bar, and no visits an empty one', () => {
  expect(progressOf({ visits: 1000, visited: 999 })).toBe(99)
  expect(progressOf({ visits: 3, visited: 3 })).toBe(100)
  expect(progressOf({ visits: 0, visited: 0 })).toBe(0)
})

test('what waits for a person stands out and leads to where it is done', () => {
  const urgent = figuresOf(overview).filter((figure) => figure.urgent)
  expect(urgent.map(({ name, value, to }) => [name, value, to])).toEqual([
    ['pending', 3, 'findings'],
    ['quarantined', 4, 'quarantine'],
  ])
})
