import { expect, test } from 'vitest'

import type { Stratum } from '../../api/types'
import { codesOf, isHalf, newForm, ofKind, pairOf, type PlanForm } from './form'
import { frameSettingsOf, probeOf, settingsOf } from './settings'

const strata: readonly Stratum[] = [
  { id: 'C02', county: '西縣', units: 20 },
  { id: 'C01', county: '東縣', units: 30 },
  { id: 'C03', county: '南區', units: 0 },
]

function formWith(change: Partial<PlanForm>): PlanForm {
  return { ...newForm(), ...change }
}

test('a proportional draw has a total, a weight and a floor, and minutes become seconds', () => {
  const { sample, gap_s: gap, routes, caps } = settingsOf(formWith({ gapMinutes: 1.5 }), strata)
  expect(sample).toEqual({
    design: 'srs',
    rule: 'webster',
    weight: 'units',
    n: 40,
    floor: 1,
    reserve_ppm: 200_000,
    reserve_min: 1,
  })
  expect(gap).toBe(90)
  expect([routes, caps], 'without teams there are no routes').toEqual([undefined, undefined])
})

test('fixed numbers are those of exactly the strata that have units, sorted', () => {
  const { sample } = settingsOf(formWith({ rule: 'fixed', given: { C02: 4, C09: 7 } }), strata)
  expect(sample).toMatchObject({
    n: 0,
    floor: 0,
    given: [
      { stratum: 'C01', value: 0 },
      { stratum: 'C02', value: 4 },
    ],
  })
  expect(sample).not.toHaveProperty('weight')
})

test('shares of categories are millionths, sorted, without those of nothing', () => {
  const classes = {
    village: { percent: 2.5, min: 10 },
    school: { percent: 0, min: 1 },
    hospital: { percent: 100, min: 1 },
  }
  expect(settingsOf(formWith({ rule: 'ratio', classes }), strata).sample?.classes).toEqual([
    { class: 'hospital', ratio_ppm: 1_000_000, min: 1 },
    { class: 'village', ratio_ppm: 25_000, min: 10 },
  ])
})

test('teams that take part are sorted as texts, and recusals are of teams and strata there are', () => {
  const form = formWith({
    teams: {
      T2: { in: true, cap: 3 },
      T10: { in: true, cap: 2 },
      T3: { in: false, cap: 3 },
    },
    barred: [pairOf('T2', 'C01'), pairOf('T3', 'C01'), pairOf('T10', 'C77')],
  })
  const { caps, barred, routes } = settingsOf(form, strata)
  expect(caps).toEqual([
    { id: 'T10', cap: 2 },
    { id: 'T2', cap: 3 },
  ])
  expect(barred).toEqual([{ team: 'T2', what: 'C01' }])
  expect(routes).toMatchObject({ detour_permille: 1300, budget_percent: 115, moves: 1250 })
})

test('an exclusion counts once it is filled in', () => {
  const whole = { units: 'U1, U2\nU2 U3', code: 'E1', evidence: 'sha256:1', approver: '老趙' }
  const half = { ...whole, approver: ' ' }
  expect([isHalf(whole), isHalf(half)]).toEqual([false, true])
  const { exclusions } = frameSettingsOf(formWith({ exclusions: [half, whole] }))
  expect(exclusions).toEqual([{ ...whole, units: ['U1', 'U2', 'U3'] }])
  expect(codesOf('U1、U2；U3，')).toEqual(['U1', 'U2', 'U3'])
})

test('a field that was emptied counts as nothing, and strata are asked for by any draw', () => {
  const form = formWith({ n: '' as unknown as number, purpose: '' })
  expect(settingsOf(form, strata).sample?.n).toBe(0)
  expect(probeOf(frameSettingsOf(form))).toMatchObject({ purpose: 'probe', sample: { n: 1 } })
})

test('people at units are asked for by number and ways, and nothing of units goes along', () => {
  const form = ofKind(
    formWith({ teams: { T1: { in: true, cap: 3 } }, size: 'members', stratify: 'category' }),
    'sites',
  )
  const settings = settingsOf({ ...form, ask: 12, modes: ['local', 'desk'] }, strata)
  expect(settings).toMatchObject({
    purpose: 'interview',
    stratify: 'county',
    size: 'one',
    sites: { ask: 12, modes: ['desk', 'local'] },
  })
  for (const name of ['sample', 'caps', 'barred', 'members', 'routes']) {
    expect(settings).not.toHaveProperty(name)
  }
  expect(ofKind({ ...form, purpose: 'elders' }, 'units').purpose, 'typed in').toBe('elders')
  expect(ofKind(form, 'units').purpose).toBe('branch')
})

test('units that are in for certain are sorted, each once', () => {
  const { sample } = settingsOf(formWith({ certain: 'V9\nV10\n\nV9' }), strata)
  expect(sample?.certain).toEqual(['V10', 'V9'])
  expect(settingsOf(formWith({}), strata).sample).not.toHaveProperty('certain')
})

test('roles with people get a quota of each team that takes part', () => {
  const form = formWith({
    teams: { T1: { in: true, cap: 3 }, T2: { in: true, cap: 3 }, T3: { in: false, cap: 3 } },
    members: [
      {
        role: ' member ',
        people: ['I03', 'I02'],
        quota: { T1: 1, T3: 9 },
        barred: [pairOf('T1', 'I02'), pairOf('T3', 'I02'), pairOf('T1', 'I07')],
      },
      { role: 'leader', people: [], quota: {}, barred: [] },
    ],
  })
  expect(settingsOf(form, strata).members).toEqual([
    {
      role: 'member',
      people: ['I02', 'I03'],
      quota: [
        { id: 'T1', cap: 1 },
        { id: 'T2', cap: 0 },
      ],
      barred: [{ team: 'T1', what: 'I02' }],
    },
  ])
})
