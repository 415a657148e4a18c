/** What runs in a page that has the draws alone: plays them, and times them. */
import { sum, tag } from '../packages/draw/src/bytes'
import { run } from '../packages/draw/src/certificate'
import { firstPlan, madeCity } from '../packages/draw/src/city.testing'
import type { Frame } from '../packages/draw/src/frame'
import { canonical, parseJSON } from '../packages/draw/src/json'
import type { Plan } from '../packages/draw/src/plan'
import { orderOf, newRoster, rosterCode, type Roster } from '../packages/draw/src/roster'
import { emptySeed } from '../packages/draw/src/seed'
import { verify } from '../packages/draw/src/verify'

export { digest } from '../packages/draw/src/random.testing'

/** What a certificate of cases.jsonl comes to when it is verified. */
export function resultOf(line: string): string {
  const tree = parseJSON(line)
  if (!(tree instanceof Map)) throw new Error('no case')
  const bytes = (text: string) => new TextEncoder().encode(text)
  const certificate = bytes(canonical(tree.get('certificate')))
  return verify({ certificate, frame: bytes(String(tree.get('frame'))) }).result
}

/** Milliseconds of a draw of 2,200 units, whose frame was read. */
export function unitsTime(): number {
  const frame = madeCity(11, 200)
  const { sample, ...plan } = firstPlan(frame)
  const pareto = sample && { ...sample, design: 'pareto', n: 200 }
  return drawTime({ ...plan, sample: pareto, teams: undefined, routes: undefined }, frame)
}

/** Milliseconds of a draw of 40 units and of the order in which one team drives to them. */
export function routeTime(): number {
  const frame = madeCity(11, 200)
  const plan = firstPlan(frame)
  const teams = { teams: [{ id: 'T1', cap: 11 }], barred: [], members: [] }
  return drawTime({ ...plan, teams }, frame)
}

function drawTime(plan: Plan, frame: Frame): number {
  const begun = performance.now()
  const { drawn } = run(plan, frame, emptySeed)
  const took = performance.now() - begun
  if (drawn.length === 0) throw new Error('nothing was drawn')
  return took
}

function madeRoster(people: number): Roster {
  const list = Array.from({ length: people }, (_, i) => ({
    key: `${Math.floor(i / 20) + 1}-${(i % 20) + 1}`,
    late: false,
    attributes: [{ key: 'name', value: `村民${i}` }],
  }))
  return newRoster(list)
}

const key = sum(tag('test', 'roster'))

/** Milliseconds of putting 3,000 people in order. */
export function orderTime(): number {
  const roster = madeRoster(3000)
  const begun = performance.now()
  orderOf(roster, 'V01', key)
  return performance.now() - begun
}

/** Milliseconds of the code of a roster of 3,000 people. */
export function codeTime(): number {
  const roster = madeRoster(3000)
  const begun = performance.now()
  rosterCode(roster, 'V01')
  return performance.now() - begun
}
