/** Which units of a stratum are drawn. */
import { compareBytes, toHex } from '@sansuiji/protocol'

import type { Allotted } from './allocate'
import { compareText, ticketing, type Key, type Ticket } from './bytes'
import { integer, someText, text, type Of } from './form'
import type { Stratum, Unit } from './frame'
import { quotient, scaled } from './integers'
import type { SamplePlan } from './plan'

/** A unit that was drawn, or that stands in reserve. */
export type Drawn = Of<typeof drawnShape>

/** The members of what is drawn. */
export const drawnShape = {
  stratum: text,
  /** In its stratum, from 1; the reserve goes on after the last one drawn. */
  rank: integer,
  /** Its place in the reserve, from 1; 0 if it is drawn. */
  reserve: integer,
  id: text,
  /** Hexadecimal. */
  ticket: text,
  /** a/d is the probability of being drawn, both decimal. */
  a: text,
  d: text,
  /** Orders units under Pareto sampling, hexadecimal. */
  score: someText,
  /** a/d and d/a, cut off after six decimal places. */
  probability: text,
  weight: text,
}

/** A unit in the order of a stratum. */
interface Candidate {
  readonly unit: Unit
  readonly ticket: Ticket
  certain: boolean
  a: number
  d: number
  score: bigint | undefined
}

function compareCandidates(a: Candidate, b: Candidate): number {
  if (a.certain !== b.certain) return a.certain ? -1 : 1
  if (a.score !== undefined && b.score !== undefined && a.score !== b.score) {
    return a.score < b.score ? -1 : 1
  }
  return compareBytes(a.ticket, b.ticket) || compareText(a.unit.id, b.unit.id)
}

/** What is drawn from a stratum, and with what. */
export interface Draw {
  readonly stratum: Stratum
  readonly allotted: Pick<Allotted, 'n' | 'reserve'>
  readonly key: Key
}

/**
 * Puts the units of a stratum in order; the first n are drawn, the next are the
 * reserve. Those that are certain come first.
 */
export function drawStratum(
  { design, certain }: Pick<SamplePlan, 'design' | 'certain'>,
  { stratum, allotted: { n, reserve }, key }: Draw,
): readonly Drawn[] {
  const ticket = ticketing(key)
  const sure = new Set(certain)
  const all = stratum.units.map<Candidate>((unit) => {
    const { id } = unit
    return { unit, ticket: ticket(id), certain: sure.has(id), a: 1, d: 1, score: undefined }
  })
  const live = all.filter((candidate) => !candidate.certain)
  const left = n - (all.length - live.length)
  if (design === 'pareto') pareto(live, left)
  else for (const candidate of live) [candidate.a, candidate.d] = [left, live.length]
  all.sort(compareCandidates)
  return all.slice(0, n + reserve).map((candidate, i) => drawnOf(stratum.id, n, candidate, i))
}

function drawnOf(stratum: string, n: number, c: Candidate, at: number): Drawn {
  return {
    stratum,
    rank: at + 1,
    reserve: Math.max(at + 1 - n, 0),
    id: c.unit.id,
    ticket: toHex(c.ticket),
    a: String(c.a),
    d: String(c.d),
    ...(c.score !== undefined && { score: c.score.toString(16) }),
    probability: millionths(c.a, c.d),
    weight: millionths(c.d, c.a),
  }
}

/**
 * Gives n of the units their probabilities and scores. Units so large that they should
 * be drawn more than once are certain, again and again until there is none.
 */
function pareto(candidates: readonly Candidate[], count: number): void {
  let [live, n] = [candidates, count]
  let total = live.reduce((all, { unit }) => all + unit.size, 0)
  while (n > 0) {
    // Both sides are exact up to 2^53, and a larger product stays above every total.
    const [left, all] = [n, total]
    const rest = live.filter(({ unit }) => left * unit.size < all)
    if (rest.length === live.length) break
    for (const candidate of live) {
      if (left * candidate.unit.size < all) continue
      candidate.certain = true
      n--
      total -= candidate.unit.size
    }
    live = rest
  }
  for (const candidate of live) {
    // With no place left there is a reserve in the order of the tickets.
    ;[candidate.a, candidate.d] = n === 0 ? [0, 1] : [n * candidate.unit.size, total]
    if (n > 0) candidate.score = score(candidate.ticket, candidate.a, candidate.d)
  }
}

/**
 * ⌊(2T+1)(d-a)·2^64 / ((2^65-2T-1)a)⌋, T the first eight bytes of a ticket: the odds
 * of the ticket over the odds of the probability a/d.
 */
export function score(ticket: Ticket, a: number, d: number): bigint {
  const first = new DataView(ticket.buffer, ticket.byteOffset).getBigUint64(0)
  const twice = 2n * first + 1n
  return ((twice * BigInt(d - a)) << 64n) / (((1n << 65n) - twice) * BigInt(a))
}

/** a/b cut off after six decimal places; "0.000000" for b = 0. */
export function millionths(a: number, b: number): string {
  if (b === 0) return '0.000000'
  const part = scaled(a % b, 1_000_000, b)
  return `${quotient(a, b)}.${String(part).padStart(6, '0')}`
}
