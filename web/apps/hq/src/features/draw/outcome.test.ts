import { expect, test } from 'vitest'

import type { DrawDetail } from '../../api/types'
import { drawingOf, kilometres, roundLength, routesOf } from './map'
import { certificateOf, chosenOf, membersDrawn, stageOf, statusesOf, teamsDrawn } from './outcome'
import { detailOf } from './testing'

const drawn = (id: string, rank: number, reserve: number) => ({
  stratum: 'C01',
  rank,
  reserve,
  id,
  ticket: '0'.repeat(64),
  a: '1',
  d: '3',
  probability: '0.333333',
  weight: '3.000000',
})

const amendment = (out: string, into: string) => ({
  stratum: 'C01',
  out,
  in: into,
  reason: 'disaster',
  evidence: 'e',
  approver: '乙',
  at: '2026-11-20T01:00:00Z',
  previous: '0'.repeat(64),
})

const unit = (id: string, x: number, y: number) => ({
  id,
  name: `${id}村`,
  county: '東縣',
  category: 'village',
  x_m: x,
  y_m: y,
})

/** A ceremony that is done: U1 was drawn, U2 and then U3 came in for it. */
function doneDetail(): DrawDetail {
  const planned = detailOf({ teams: { teams: [{ id: 'T1', cap: 1 }] } })
  return {
    ...planned,
    state: 'done',
    units: [unit('U1', 0, 1000), unit('U2', 1000, 0), unit('U3', 0, 0)],
    certificate: {
      ...(planned.certificate as object),
      drawn: [drawn('U1', 1, 0), drawn('U2', 2, 1), drawn('U3', 3, 2)],
      teams: {
        strata: { feasible: '1', rank: '0', pairs: [{ what: 'C01', team: 'T1' }] },
      },
      routes: [{ team: 'T1', best_m: 2600, budget_m: 2990, length_m: 2600, tour: ['U1'] }],
      amendments: [amendment('U1', 'U2'), amendment('U2', 'U3')],
    },
  }
}

test('the next step follows from the state and from who committed and revealed', () => {
  const at = (state: string, committed: string[], revealed: string[] = []) =>
    stageOf({ state, committed, revealed })
  expect(at('planned', ['hq'])).toBe('commit')
  expect(at('planned', ['hq', 'observer'])).toBe('publish')
  expect(at('published', ['hq', 'observer'])).toBe('dice')
  expect(at('thrown', ['hq', 'observer'], ['hq'])).toBe('reveal')
  expect(at('thrown', ['hq', 'observer'], ['hq', 'observer'])).toBe('draw')
  expect(at('void', ['hq', 'observer'])).toBeUndefined()
})

test('a ceremony void before the dice has no dice and no draw', () => {
  const detail = { ...detailOf(), state: 'void' }
  expect(statusesOf(detail, certificateOf(detail))).toEqual({
    commit: 'done',
    publish: 'done',
    dice: 'none',
    reveal: 'done',
    draw: 'none',
  })
})

test('a unit is followed by who came in for it', () => {
  const detail = doneDetail()
  const rows = chosenOf(detail, certificateOf(detail))
  expect(rows.map(({ id, order, instead, replaced }) => [id, order, instead, replaced])).toEqual([
    ['U1', 1, undefined, 'U2'],
    ['U2', 0, 'U1', 'U3'],
    ['U3', 0, 'U2', undefined],
  ])
})

test('teams have their strata, units and lengths', () => {
  expect(teamsDrawn(certificateOf(doneDetail()))).toEqual([
    { id: 'T1', strata: ['C01'], units: 1, lengthM: 2600, budgetM: 2990 },
  ])
})

test('numbers of places that are one do not lie on each other', () => {
  const place = (id: string) => ({ id, name: id, x: 500, y: 500 })
  const stops = [...['U1', 'U2', 'U3'].map(place), { ...place('U4'), y: 9000 }]
  const { stops: placed } = drawingOf({ depot: { x: 0, y: 0 }, stops, days: [] })
  for (const [i, { label }] of placed.entries()) {
    for (const { label: other } of placed.slice(i + 1)) {
      expect(Math.hypot(label.x - other.x, label.y - other.y)).toBeGreaterThan(15)
    }
  }
})

test('a map has north above and the depot where it is', () => {
  const detail = doneDetail()
  const route = routesOf(detail, certificateOf(detail))[0]
  if (route === undefined) throw new Error('no route')
  const { depot, stops, ways } = drawingOf(route)
  expect(stops[0]?.y).toBeLessThan(depot.y)
  expect(ways).toHaveLength(2)
  expect([roundLength(730), roundLength(1000), roundLength(49)]).toEqual([500, 1000, 20])
  expect(kilometres(12_345)).toBe('12.3')
})

test('people stand in the teams that chance put them into, role by role', () => {
  const done = doneDetail()
  const certificate = certificateOf({
    ...done,
    certificate: {
      ...(done.certificate as object),
      teams: {
        strata: { feasible: '1', rank: '0', pairs: [{ what: 'C01', team: 'T1' }] },
        members: [
          { role: 'leader', feasible: '2', rank: '1', pairs: [{ what: 'I02', team: 'T1' }] },
        ],
      },
    },
  })
  expect(membersDrawn(certificate)).toEqual([
    { role: 'leader', feasible: '2', teams: [{ team: 'T1', people: ['I02'] }] },
  ])
  expect(membersDrawn(certificateOf(doneDetail()))).toEqual([])
})

test('a void ceremony of sites gave its keys once the dice had fallen', () => {
  const sites = { root: '3'.repeat(64), n: 9, ask: 3, modes: ['desk'] }
  const at = (dice: object) => {
    const planned = detailOf({ sites })
    const certificate = { ...(planned.certificate as object), ...dice }
    const detail = { ...planned, state: 'void', certificate }
    return statusesOf(detail, certificateOf(detail)).draw
  }
  expect(at({})).toBe('none')
  expect(at({ throws: [{ by: 'R1', digits: '1234567' }] })).toBe('done')
})
