/** What a person is about to decide in a conflict. */
import type { Competing, Conflict } from '../../api/types'

/** One of the writes, or another value; null empties the cell. */
export type Pick =
  | { readonly kind: 'keep'; readonly index: number; readonly hash: string }
  | { readonly kind: 'write'; readonly value: string | null }

/** The pick and the conflict as it was when the person picked: what they have seen. */
export interface Draft {
  readonly pick: Pick
  readonly seen: Conflict
}

/** The writes that compete, then those that did until somebody wrote who had seen them. */
export function writesOf(conflict: Conflict): readonly Competing[] {
  const writes = conflict.writes ?? []
  return [...writes.filter((w) => w.competing), ...writes.filter((w) => !w.competing)]
}

export function keep(conflict: Conflict, index: number): Draft {
  const hash = writesOf(conflict)[index]?.hash ?? ''
  return { pick: { kind: 'keep', index, hash }, seen: conflict }
}

/** Starts from the value that stands, where that can be edited. */
export function write(conflict: Conflict): Draft {
  const standing = writesOf(conflict).find((w) => w.stands)?.value ?? ''
  const value = conflict.choices?.length ? '' : standing
  return { pick: { kind: 'write', value }, seen: conflict }
}

export function written(draft: Draft, value: string | null): Draft {
  return { ...draft, pick: { kind: 'write', value } }
}

/** The value to send, or undefined while there is none yet. */
export function valueOf({ pick, seen }: Draft): string | null | undefined {
  switch (pick.kind) {
    case 'keep': {
      const kept = writesOf(seen)[pick.index]
      return kept ? (kept.value ?? null) : undefined
    }
    case 'write':
      return pick.value === '' ? undefined : pick.value
  }
}

/** Whether the conflict on the screen is no longer the one the person decided about. */
export function isOutdated({ seen }: Draft, now: Conflict): boolean {
  const shape = (c: Conflict): string =>
    JSON.stringify([c.state, c.base, writesOf(c).map((w) => [w.hash, w.value, w.stands])])
  return shape(seen) !== shape(now)
}
