/** How many units of each stratum are drawn. */
import { integer, text, type Of } from './form'
import type { Stratum } from './frame'
import type { SamplePlan } from './plan'
import { refusal } from './problem'
import type { Stream } from './stream'

/** A stratum in an allocation. */
export interface Cell {
  readonly stratum: string
  readonly weight: number
  readonly min: number
  /** Units that there are. */
  readonly max: number
}

/** How many places there are, and by which method they go. */
export interface Places {
  readonly n: number
  readonly neyman: boolean
}

/**
 * Gives n places to cells one by one, each to the cell with the highest claim: w/(2a+1)
 * by Webster's method, w²/(a(a+1)) by Huntington and Hill's, where w is its weight and
 * a what it has. Ties go to the larger weight, then the smaller id. Cells must be
 * sorted by id. The sample of n is part of that of n+1.
 */
export function divisor(cells: readonly Cell[], { n, neyman }: Places): readonly number[] {
  const claims = cells.map((cell) => newClaim(cell, neyman))
  let given = claims.reduce((all, { has }) => all + has, 0)
  if (given > n) throw refusal('allocation-floor', String(given), String(n))
  for (; given < n; given++) {
    let best: Claim | undefined
    for (const claim of claims) {
      if (claim.has < claim.cell.max && (best === undefined || isAbove(claim, best))) best = claim
    }
    if (best === undefined) throw refusal('allocation-units', String(given), String(n))
    best.has++
    best.divisor = divisorOf(best.has, neyman)
  }
  return claims.map(({ has }) => has)
}

/** The fraction weight/divisor. With a divisor of 0 nothing is above it. */
interface Claim {
  readonly cell: Cell
  readonly weight: bigint
  has: number
  divisor: bigint
}

function newClaim(cell: Cell, neyman: boolean): Claim {
  const has = Math.min(cell.min, cell.max)
  const weight = BigInt(cell.weight)
  return { cell, weight: neyman ? weight * weight : weight, has, divisor: divisorOf(has, neyman) }
}

function divisorOf(has: number, neyman: boolean): bigint {
  const a = BigInt(has)
  return neyman ? a * (a + 1n) : 2n * a + 1n
}

function isAbove(a: Claim, b: Claim): boolean {
  const [left, right] = [a.weight * b.divisor, b.weight * a.divisor]
  return left > right || (left === right && a.cell.weight > b.cell.weight)
}

/**
 * Gives n places to cells by chance, so that each has what it should in the mean, and
 * is never off by one. Cells must be sorted by id.
 */
export function round(cells: readonly Cell[], n: number, stream: Stream): readonly number[] {
  const total = cells.reduce((all, { weight }) => all + BigInt(weight), 0n)
  if (total === 0n) throw refusal('allocation-weights')
  let next = stream.belowBig(total) // r + jD, the first that no cell has yet
  let end = 0n
  return cells.map(({ stratum, weight, max }) => {
    const q = BigInt(n) * BigInt(weight)
    if (q > total * BigInt(max)) throw refusal('allocation-cell', stratum, String(max))
    end += q
    let got = 0
    for (; next < end; next += total) got++
    return got
  })
}

/** ⌈n·ppm/10^6⌉. */
function share(n: number, ppm: number): number {
  return Number((BigInt(n) * BigInt(ppm) + 999_999n) / 1_000_000n)
}

/** How many units of a stratum are drawn, and how many more in reserve. */
export type Allotted = Of<typeof allottedShape>

/** The members of what is allotted. */
export const allottedShape = {
  stratum: text,
  /** Eligible. */
  units: integer,
  n: integer,
  reserve: integer,
}

/** Decides how many units of each stratum are drawn. The stream is that of the rule rounding. */
export function allocate(
  plan: SamplePlan,
  strata: readonly Stratum[],
  stream: Stream,
): readonly Allotted[] {
  const certain = certainIn(plan, strata)
  const numbers = numbersOf(plan, strata, certain, stream)
  return strata.map(({ id, units: { length: units } }, i) => {
    const [n, sure] = [numbers[i] ?? 0, certain[i] ?? 0]
    if (n > units || n < sure) {
      throw refusal('allocation-stratum', id, String(n), String(units))
    }
    if (plan.design === 'pareto' && n - sure === 1 && units - sure > 1) {
      throw refusal('allocation-pareto', id)
    }
    const wanted = n > 0 ? Math.max(plan.reserve_min, share(n, plan.reserve_ppm)) : 0
    return { stratum: id, units, n, reserve: Math.min(units - n, wanted) }
  })
}

/** Counts the units of each stratum that are in without a draw. */
function certainIn({ certain }: SamplePlan, strata: readonly Stratum[]): readonly number[] {
  const missing = new Set(certain)
  const counts = strata.map(({ units }) => units.filter(({ id }) => missing.delete(id)).length)
  const [first] = missing
  if (first !== undefined) throw refusal('sample-certain-unit', first)
  return counts
}

function numbersOf(
  plan: SamplePlan,
  strata: readonly Stratum[],
  certain: readonly number[],
  stream: Stream,
): readonly number[] {
  if (plan.rule === 'fixed') return givenOf(plan, strata)
  if (plan.rule === 'ratio') return ratios(plan, strata, certain)
  const cells = cellsOf(plan, strata, certain)
  if (plan.rule === 'rounding') return round(cells, plan.n, stream)
  return divisor(cells, { n: plan.n, neyman: plan.rule === 'neyman' })
}

/** Looks a value up for each stratum; each must have one, and none is over. */
function givenOf({ given }: SamplePlan, strata: readonly Stratum[]): readonly number[] {
  const values = strata.map(({ id }, i) => {
    const one = given[i]
    if (one?.stratum !== id) throw refusal('sample-given-stratum', id)
    return one.value
  })
  const over = given[strata.length]
  if (over !== undefined) throw refusal('sample-given-stratum', over.stratum)
  return values
}

function cellsOf(
  plan: SamplePlan,
  strata: readonly Stratum[],
  certain: readonly number[],
): readonly Cell[] {
  const given = plan.weight === 'given' ? givenOf(plan, strata) : undefined
  return strata.map(({ id, units, size }, i) => ({
    stratum: id,
    weight: given?.[i] ?? (plan.weight === 'size' ? size : units.length),
    min: Math.max(plan.floor, certain[i] ?? 0),
    max: units.length,
  }))
}

/** Takes the share of each class, and spreads it over the class's strata. */
function ratios(
  { classes }: SamplePlan,
  strata: readonly Stratum[],
  certain: readonly number[],
): readonly number[] {
  const numbers = strata.map(() => 0)
  for (const rule of classes) {
    const cells = strata.flatMap((stratum, place) => {
      if (stratum.class !== rule.class) return []
      const units = stratum.units.length
      return [{ stratum: stratum.id, weight: units, min: certain[place] ?? 0, max: units, place }]
    })
    const units = cells.reduce((all, { max }) => all + max, 0)
    if (units === 0) throw refusal('class-empty', rule.class)
    const n = Math.min(Math.max(rule.min, share(units, rule.ratio_ppm)), units)
    const got = divisor(cells, { n, neyman: false })
    for (const [k, { place }] of cells.entries()) numbers[place] = got[k] ?? 0
  }
  const bare = strata.find((stratum) => !classes.some((rule) => rule.class === stratum.class))
  if (bare !== undefined) throw refusal('class-none', bare.id)
  return numbers
}
