import { expect, test } from 'vitest'

import type { Setup } from '../../campaign/details'
import { words } from '../../words'
import { nextOf, stepNames, stepsOf } from './steps'

const empty: Setup = {
  id: 'c1',
  code: 'c',
  name: '批次',
  city: '',
  seal_to: '',
  categories: null,
  located: 0,
  problems: 0,
  listed: 0,
  ledger: 0,
  unledgered: 0,
  undated: 0,
  commitments: 0,
  common: 0,
  interview: 0,
  teams: 0,
  leaderless: 0,
  inspectors: 0,
  teamless: 0,
  draws_done: 0,
  draws_open: 0,
  visits: 0,
  devices: 0,
  deviceless: 0,
  unit_accounts: 0,
}

const full: Setup = {
  ...empty,
  starts_at: 1,
  ends_at: 2,
  seal_to: 'age1…',
  categories: [{ category: 'village', units: 10, questions: 3 }],
  located: 10,
  problems: 20,
  listed: 10,
  ledger: 20,
  commitments: 5,
  common: 8,
  interview: 4,
  teams: 2,
  inspectors: 6,
  draws_done: 1,
  visits: 4,
  devices: 6,
}

test('an empty campaign lacks everything, and begins with its days', () => {
  const steps = stepsOf(empty)
  expect(steps.map(({ state }) => state)).toEqual(stepNames.map(() => 'missing'))
  expect(nextOf(steps)).toBe('campaign')
})

test('a step says what it has and how much it lacks', () => {
  expect(stepsOf(full).every(({ state, gaps }) => state === 'done' && gaps.length === 0)).toBe(true)
  expect(nextOf(stepsOf(full))).toBeUndefined()
  const steps = stepsOf({ ...full, located: 7, leaderless: 1, devices: 0, deviceless: 6 })
  const of = (name: string) => steps.find((step) => step.name === name)
  expect(of('units')).toMatchObject({ state: 'partly', gaps: [{ name: 'unlocated', count: 3 }] })
  expect(of('teams')?.gaps).toEqual([{ name: 'leaderless', count: 1 }])
  expect(of('devices')?.state).toBe('missing')
  expect(nextOf(steps)).toBe('devices')
})

test('there are words for all that a step has or lacks', () => {
  for (const setup of [empty, { ...full, located: 1, unledgered: 1, undated: 1, listed: 1 }]) {
    for (const { name, facts, gaps } of stepsOf(setup)) {
      expect(words.zh.setup.step).toHaveProperty(name)
      for (const fact of facts) expect(words.zh.setup.fact).toHaveProperty(fact.name)
      for (const gap of gaps) expect(words.zh.setup.gap).toHaveProperty(gap.name)
    }
  }
})
