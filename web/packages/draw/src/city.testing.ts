/** A city to draw from, and a ceremony of it; draw/draw_test.go makes the same. */
import { utf8 } from '@sansuiji/protocol'

import { hashOf, noHash, spec, suite, sum, type Hash } from './bytes'
import { run, type Certificate } from './certificate'
import { newFrame, summaryOf, type Frame, type Unit } from './frame'
import { frameFile, readFrame } from './frameRead'
import { ceremonyOf, planHash, type Plan, type TeamsPlan } from './plan'
import { checkPlan } from './planCheck'
import { commit, newSeed } from './seed'

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i)
}

function padded(n: number, digits: number): string {
  return String(n).padStart(digits, '0')
}

/** A city of strata C01… of units, in three classes. */
export function madeCity(strata: number, units: number): Frame {
  const list = numbers(strata).flatMap((s) => numbers(units).map((i) => madeUnit(s, i)))
  return readFrame(frameFile(newFrame(list)))
}

function madeUnit(s: number, i: number): Unit {
  const eligible = i % 50 !== 49
  return {
    id: `V${padded(s + 1, 2)}${padded(i + 1, 4)}`,
    stratum: `C${padded(s + 1, 2)}`,
    class: 'ABC'.charAt(s % 3),
    size: 100 + ((i * 7919 + s * 31) % 900),
    eligible,
    exclusion: eligible ? '' : 'E1-dissolved',
    x: (i * 7477 + s * 13331) % 150_000,
    y: (i * 9973 + s * 4241) % 150_000,
    attributes: [{ key: 'name', value: `第${i + 1}村` }],
  }
}

const roles = ['hq', 'observer']

function secretOf(role: string, n: number): Hash {
  return hashOf(sum(utf8(`${role} ${n}`)))
}

/** The first plan over a frame, with everything in it. */
export function firstPlan(frame: Frame): Plan {
  const summary = summaryOf(frame)
  const names = { campaign: '2026Q4', seq: 1, purpose: 'branch', scope: 'city' }
  const plan: Plan = {
    ...{ spec, suite, ...names, previous: noHash, gap_s: 3600, commitments: [] },
    frame: {
      ...summary,
      excluded: summary.excluded.map((e) => ({ ...e, evidence: 'sha256:00', approver: 'P01' })),
    },
    sample: {
      ...{ design: 'srs', rule: 'webster', n: 40, floor: 2, weight: 'units' },
      ...{ given: [], classes: [], certain: [], reserve_ppm: 500_000, reserve_min: 1 },
    },
    teams: madeTeams(),
    routes: {
      ...{ depot_x_m: 75_000, depot_y_m: 75_000, detour_permille: 1300 },
      ...{ budget_percent: 115, moves: 1250 },
    },
    public: { type: 'dice', sides: 10, people: ['R03', 'R05', 'R07'], throws: 7 },
  }
  const commitments = roles.map((role) => ({
    role,
    commit: commit(ceremonyOf(plan), role, secretOf(role, plan.seq)),
  }))
  return { ...plan, commitments }
}

function madeTeams(): TeamsPlan {
  const teams = numbers(5).map((i) => ({ id: `T${i + 1}`, cap: i === 0 ? 3 : 2 }))
  const quota = (cap: number) => teams.map(({ id }) => ({ id, cap }))
  const people = (letter: string, count: number) => numbers(count).map((i) => letter + padded(i, 2))
  const barred = ['1', '2', '3'].map((i) => ({ team: `T${i}`, what: `C0${i}` }))
  const leaders = { role: 'leader', people: people('L', 5), quota: quota(1) }
  const members = { role: 'member', people: people('P', 15), quota: quota(3) }
  return {
    teams,
    barred,
    members: [
      { ...leaders, barred: [{ team: 'T1', what: 'L00' }] },
      { ...members, barred: [] },
    ],
  }
}

/** Plays a ceremony to its end. */
export function certified(plan: Plan, frame: Frame, n: number): Certificate {
  checkPlan(plan)
  const throws = plan.public.people.map((by, i) => ({
    by,
    digits: padded((n * 7_654_321 + i * 1_234_567) % 10_000_000, 7),
  }))
  const reveals = roles.map((role) => ({ role, secret: secretOf(role, plan.seq) }))
  const outcome = run(plan, frame, newSeed(plan, reveals, throws))
  return {
    ...{ spec, status: 'done', plan, plan_hash: planHash(plan), throws, reveals, ...outcome },
    thrown_at: '2026-11-20T03:00:00Z',
    published: [
      { where: '公示欄', at: '2026-11-20T01:00:00Z', evidence: 'sha256:01' },
      { where: '報紙', at: '2026-11-20T01:30:00Z', evidence: 'sha256:02' },
    ],
    amendments: [],
  }
}
