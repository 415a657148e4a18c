/**
 * What stands in a cell after a set of writes, by the rules of docs/PROTOCOL.md §8.
 * Headquarters decides; this tells a device what headquarters will decide of the
 * writes it knows. The order of the writes does not matter.
 */
import type { Choice, Rule } from './catalogue'
import type { HybridTime } from './clock'

/** A cell's value; ids are text here. */
export type CellValue = string | number | bigint | Uint8Array | null

/** Who wrote, when, and what the author had seen. */
export interface Authorship {
  /** The device's id in text, which compares as its bytes do. */
  readonly device: string
  readonly seq: number
  /** Effective. */
  readonly clock: HybridTime
  readonly headquarters: boolean
  /** By device: the seq up to which the author knew its entries. */
  readonly knows: ReadonlyMap<string, number>
}

/** One write of one cell. */
export interface CellWrite extends Authorship {
  /** By an INSERT of the row. */
  readonly insert: boolean
  readonly value: CellValue
}

/** What stands in a cell and what competes for it; one that competes alone is no conflict. */
export interface Standing {
  readonly stands: CellWrite
  readonly competing: readonly CellWrite[]
}

/** Finds what stands. There must be a write, and choices for the rule `furthest`. */
export function standing(
  rule: Rule,
  choices: readonly Choice[],
  writes: readonly CellWrite[],
): Standing {
  switch (rule) {
    case 'latest':
      return { stands: best(writes, later), competing: [] }
    case 'hq': {
      const decisions = writes.filter((write) => write.headquarters)
      return { stands: best(decisions.length > 0 ? decisions : writes, later), competing: [] }
    }
    case 'furthest': {
      const further = (a: CellWrite, b: CellWrite) =>
        placeOf(choices, a.value) - placeOf(choices, b.value) || later(a, b)
      return { stands: best(writes, further), competing: [] }
    }
    case 'review': {
      const competing = unknownTo(writes, writes)
      return { stands: best(competing, later), competing }
    }
    case 'once':
      return first(writes)
  }
}

/** Under `once` NULL is no value, unless headquarters decided on it by an UPDATE. */
function first(writes: readonly CellWrite[]): Standing {
  const values = writes.filter(
    (write) => write.value !== null || (write.headquarters && !write.insert),
  )
  if (values.length === 0) return { stands: best(writes, later), competing: [] }
  const decisions = values.filter((write) => write.headquarters)
  const competing = unknownTo(values, decisions)
  const own = competing.filter((write) => write.headquarters)
  const stands = own.length > 0 ? best(own, later) : best(competing, (a, b) => later(b, a))
  return { stands, competing }
}

/** Whether the author of one write had seen another; a device knows its own earlier ones. */
export function knows(by: Authorship, other: Authorship): boolean {
  if (by.device === other.device) return by.seq > other.seq
  return (by.knows.get(other.device) ?? 0) >= other.seq
}

function unknownTo(
  writes: readonly CellWrite[],
  others: readonly CellWrite[],
): readonly CellWrite[] {
  return writes.filter((write) => !others.some((other) => knows(other, write)))
}

/** Orders writes by clock, then device; above 0 if a is later. */
function later(a: Authorship, b: Authorship): number {
  if (a.clock !== b.clock) return a.clock > b.clock ? 1 : -1
  return a.device > b.device ? 1 : a.device < b.device ? -1 : 0
}

function best(
  writes: readonly CellWrite[],
  order: (a: CellWrite, b: CellWrite) => number,
): CellWrite {
  return writes.reduce((a, b) => (order(b, a) > 0 ? b : a))
}

/** The place of a state in its column's order; -1 for NULL, which comes before all. */
export function placeOf(choices: readonly Choice[], value: CellValue): number {
  return choices.findIndex((choice) => choice.code === value)
}

/** Whether two cells hold the same. */
export function sameValue(a: CellValue, b: CellValue): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((byte, i) => byte === b[i])
  }
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    return a !== null && b !== null && String(a) === String(b)
  }
  return a === b
}
