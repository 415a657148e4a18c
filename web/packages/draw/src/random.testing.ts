/**
 * Random plans, as good as any and often wrong, that both languages' programs make from
 * a number and draw. draw/random_test.go makes the same.
 */
import { join, utf8 } from '@sansuiji/protocol'

import { compareText, hashOf, noHash, spec, sum, suite, tag, type Hash } from './bytes'
import { run, type Certificate } from './certificate'
import { checkFits } from './fits'
import { strataOf, summaryOf, type Frame, type Unit } from './frame'
import { frameFile, readFrame } from './frameRead'
import { canonical } from './json'
import {
  ceremonyOf,
  planHash,
  type Barred,
  type MemberRule,
  type Plan,
  type PublicPlan,
  type DaysPlan,
  type RoutesPlan,
  type SamplePlan,
  type TeamsPlan,
} from './plan'
import { checkPlan } from './planCheck'
import { problemOf } from './problem'
import { commit, newSeed, type Reveal, type Throw } from './seed'
import { Stream } from './stream'

/** What a case is made of. */
export interface Case {
  readonly file: Uint8Array
  readonly plan: Plan
  readonly reveals: readonly Reveal[]
  readonly throws: readonly Throw[]
}

/** Some things, made one after the other. */
function times<T>(count: number, make: (i: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}

/** Makes the case of a number. */
export function randomCase(n: number): Case {
  const r = new Stream(sum(tag('random', String(n))))
  const units = [...randomUnits(r)].sort((a, b) => compareText(a.id, b.id))
  const file = frameFile({ units, sha256: noHash })
  const frame: Frame = { units, sha256: hashOf(sum(file)) }
  const gap_s = r.below(100)
  const sample = randomSample(r, frame)
  const teams = r.below(2) === 0 ? randomTeams(r, frame) : undefined
  const routes = teams && r.below(2) === 0 ? randomRoutes(r) : undefined
  const { dice, throws } = randomDice(r)
  const names = { campaign: 'R', seq: 1, purpose: 'branch', scope: `s${n}` }
  const summary = summaryOf(frame)
  const secrets = ['hq', 'observer'].map((role) => ({
    role,
    secret: hashOf(sum(tag('secret', role, String(n)))),
  }))
  const plan: Plan = {
    ...{ spec, suite, ...names, previous: noHash, gap_s },
    frame: {
      ...summary,
      excluded: summary.excluded.map((e) => ({ ...e, evidence: '證', approver: 'P' })),
    },
    sample,
    ...(teams && { teams }),
    ...(routes && { routes }),
    commitments: [],
    public: dice,
  }
  const commitments = secrets.map(({ role, secret }) => ({
    role,
    commit: commit(ceremonyOf(plan), role, secret),
  }))
  return { file, plan: { ...plan, commitments }, reveals: secrets, throws }
}

function randomRoutes(r: Stream): RoutesPlan {
  const routes = {
    depot_x_m: r.below(2000) - 1000,
    depot_y_m: r.below(2000) - 1000,
    detour_permille: 1000 + r.below(600),
    budget_percent: 105 + r.below(40),
    moves: 1 + r.below(60),
  }
  return r.below(2) === 0 ? { ...routes, days: randomDays(r) } : routes
}

function randomDays(r: Stream): DaysPlan {
  return {
    metres_per_minute: 1 + r.below(900),
    visit_minutes: r.below(120),
    day_minutes: 120 + r.below(480),
  }
}

interface Dice {
  readonly dice: PublicPlan
  readonly throws: readonly Throw[]
}

function randomDice(r: Stream): Dice {
  const throwsOfEach = 4 + r.below(5)
  const sides = r.below(3) === 0 ? 6 : 10
  const throws = times(3 + r.below(2), (i) => ({
    by: `D${i}`,
    digits: times(throwsOfEach, () => (sides === 10 ? r.below(10) : 1 + r.below(6))).join(''),
  }))
  const people = throws.map(({ by }) => by)
  return { dice: { type: 'dice', sides, people, throws: throwsOfEach }, throws }
}

function randomUnits(r: Stream): readonly Unit[] {
  const units: Unit[] = []
  const strata = 1 + r.below(4)
  for (let s = 0; s < strata; s++) {
    const group = `A${r.below(2)}`
    const count = 1 + r.below(12)
    for (let i = 0; i < count; i++) {
      const unit = randomUnit(r, s, i, group)
      if (!units.some(({ id }) => id === unit.id)) units.push(unit)
    }
  }
  return units
}

const names = ['和平村', 'a,b', '"q"', ' x', 'é']

function randomUnit(r: Stream, stratum: number, i: number, group: string): Unit {
  const id = `U${stratum}.${r.below(1000)}`
  const small = 1 + r.below(1000)
  const eligible = i === 0 || r.below(10) > 0
  const [x, y] = [r.below(200_001) - 100_000, r.below(200_001) - 100_000]
  const size = r.below(40) === 0 ? 2 ** 40 + r.below(2 ** 32) : small
  const exclusion = eligible ? '' : `E${r.below(3)}`
  const attributes = r.below(2) === 0 ? [{ key: 'name', value: names[r.below(5)] ?? '' }] : []
  return { id, stratum: `S${stratum}`, class: group, size, eligible, exclusion, x, y, attributes }
}

function randomSample(r: Stream, frame: Frame): SamplePlan {
  const design = ['srs', 'pareto'][r.below(2)] ?? ''
  const rule = ['webster', 'neyman', 'rounding', 'ratio', 'fixed'][r.below(5)] ?? ''
  const reserve = { reserve_ppm: r.below(2_000_000), reserve_min: r.below(3) }
  const weighted = rule === 'webster' || rule === 'neyman' || rule === 'rounding'
  const n = weighted ? 1 + r.below(14) : 0
  const weight = weighted ? ['units', 'size', 'given'][r.below(3)] : undefined
  const floor = rule === 'webster' || rule === 'neyman' ? r.below(3) : 0
  const wanted = rule === 'fixed' || weight === 'given' ? strataOf(frame) : []
  const given = wanted.map(({ id, units }) => ({
    stratum: id,
    value: r.below(rule === 'fixed' ? units.length + 1 : 12),
  }))
  const classes = (rule === 'ratio' ? ['A0', 'A1'] : []).flatMap((name) =>
    r.below(8) > 0 ? [{ class: name, ratio_ppm: 1 + r.below(1_000_000), min: r.below(4) }] : [],
  )
  const certain = frame.units.filter(() => r.below(30) === 0).map(({ id }) => id)
  const all = { design, rule, n, floor, given, classes, certain, ...reserve }
  return weight === undefined ? all : { ...all, weight }
}

function randomTeams(r: Stream, frame: Frame): TeamsPlan {
  const teams = times(1 + r.below(3), (i) => ({ id: `T${i}`, cap: r.below(4) }))
  const barred: Barred[] = []
  for (const stratum of strataOf(frame)) {
    for (const team of teams) {
      if (r.below(5) === 0) barred.push({ team: team.id, what: stratum.id })
    }
  }
  return { teams, barred, members: r.below(2) === 0 ? [randomMembers(r, teams)] : [] }
}

function randomMembers(r: Stream, teams: TeamsPlan['teams']): MemberRule {
  const people = times(1 + r.below(4), (i) => `P${i}`)
  const barred: Barred[] = []
  const quota = teams.map(({ id }) => {
    const cap = r.below(4)
    if (r.below(5) === 0) barred.push({ team: id, what: people[r.below(people.length)] ?? '' })
    return { id, cap }
  })
  return { role: 'leader', people, quota, barred }
}

/** The canonical form of what comes of a case: a certificate, or a problem. */
export function randomResult(n: number): string {
  try {
    return canonical(randomCertificate(randomCase(n)))
  } catch (error) {
    return canonical(problemOf(error))
  }
}

/** Draws a case. */
export function randomCertificate({ file, plan, reveals, throws }: Case): Certificate {
  const frame = readFrame(file)
  checkPlan(plan)
  checkFits(plan, frame)
  const outcome = run(plan, frame, newSeed(plan, reveals, throws))
  return {
    ...{ spec, status: 'done', plan, plan_hash: planHash(plan), throws, reveals, ...outcome },
    thrown_at: '2026-11-20T03:00:00Z',
    published: [{ where: 'w', at: '2026-11-20T01:00:00Z', evidence: 'e' }],
    amendments: [],
  }
}

/** How many cases one line of random.txt is for. */
const blockSize = 1000

/** Chains what comes of the cases of a block. */
export function digest(block: number): Hash {
  let chained: Uint8Array = new Uint8Array(32)
  for (let n = block * blockSize; n < (block + 1) * blockSize; n++) {
    chained = sum(join(chained, sum(utf8(randomResult(n)))))
  }
  return hashOf(chained)
}
