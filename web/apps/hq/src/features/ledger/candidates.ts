/** What is chosen to go into the ledger together. */
import type { Candidate } from '../../api/types'

/** Chosen candidates by their key. They stay chosen while another search lists others. */
export type Picked = ReadonlyMap<string, Candidate>

/** The server takes no more at once. */
export const pickedMax = 200

export function keyOf(one: Candidate): string {
  return one.finding_id ?? one.conclusion_id ?? ''
}

/** With one taken in, or out if it was in. */
export function toggled(picked: Picked, one: Candidate): Picked {
  const next = new Map(picked)
  if (!next.delete(keyOf(one)) && next.size < pickedMax) next.set(keyOf(one), one)
  return next
}

/** With all of a list, as far as there is room. */
export function withAll(picked: Picked, list: readonly Candidate[]): Picked {
  const next = new Map(picked)
  for (const one of list) {
    if (next.size < pickedMax || next.has(keyOf(one))) next.set(keyOf(one), one)
  }
  return next
}

/** What the server is told was chosen. */
export function idsOf(picked: Picked): { finding_ids: string[]; conclusion_ids: string[] } {
  const all = [...picked.values()]
  return {
    finding_ids: all.flatMap((one) => one.finding_id ?? []),
    conclusion_ids: all.flatMap((one) => one.conclusion_id ?? []),
  }
}
