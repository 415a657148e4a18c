/** Photos that are, or look like, others, as a reviewer judges them. */
import type { Attachment, Pair } from '../../api/types'

/** Two attachments with what tells them apart. */
export interface Couple {
  readonly id: string
  readonly first: Attachment
  readonly second: Attachment
  readonly same: boolean
  readonly sameUnit: boolean
  readonly samePerson: boolean
  /** Milliseconds between them. */
  readonly apart: number
}

/**
 * Pairs with their attachments: those that are the same first, then those of different
 * units, which nobody takes at once by chance.
 */
export function couplesOf(pairs: readonly Pair[], list: readonly Attachment[]): readonly Couple[] {
  const known = new Map(list.map((one) => [one.id, one]))
  return pairs
    .flatMap(({ first, second, same }) => {
      const [a, b] = [known.get(first), known.get(second)]
      return a && b ? [coupleOf(a, b, same)] : []
    })
    .sort((a, b) => weight(b) - weight(a))
}

function coupleOf(first: Attachment, second: Attachment, same: boolean): Couple {
  return {
    id: `${first.id} ${second.id}`,
    first,
    second,
    same,
    sameUnit: first.unit === second.unit,
    samePerson: first.inspector === second.inspector,
    apart: Math.abs(second.taken_at - first.taken_at),
  }
}

function weight({ same, sameUnit }: Couple): number {
  return (same ? 2 : 0) + (sameUnit ? 0 : 1)
}
