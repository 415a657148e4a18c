/** What a checkpoint of headquarters means to a device that kept earlier ones. */
import { compareBytes } from './bytes'
import { continues, openCheckpoint, type Checkpoint } from './checkpoint'
import type { Id } from './id'
import { isConsistent } from './treeHash'

/**
 * - `consistent`: the log is the one that was kept.
 * - `grown`: the log continues the one that was kept, or is the first.
 * - `new-epoch`: headquarters declares that it was restored, and what it kept is what the device knows.
 * - `rolled-back`: an alarm. Headquarters shows an earlier state and does not say so.
 * - `forked`: an alarm. The log is another than the one that was kept.
 * - `unverifiable`: the answer proves nothing. Once may be a fault of the way; if it stays so,
 *   headquarters withholds the proof.
 */
export type Verdict =
  'consistent' | 'grown' | 'rolled-back' | 'forked' | 'new-epoch' | 'unverifiable'

/** Headquarters' signed checkpoint and the proof that it continues the log of a size that the device named. */
export interface Answer {
  readonly signed: string
  readonly from: number
  readonly proof: readonly Uint8Array[]
}

/** A campaign's log as a device knows it. */
export interface Log {
  readonly campaign: Id
  /** Headquarters' Ed25519 key, 32 bytes. */
  readonly key: Uint8Array
}

/** A verdict, with the answer's checkpoint if its signature is right. */
export interface Judgement {
  readonly verdict: Verdict
  readonly checkpoint: Checkpoint | null
}

/** How many checkpoints a device keeps. */
export const keptMax = 20

/** Says what an answer means to who kept checkpoints, oldest first, as `keep` made them. */
export function judge(log: Log, kept: readonly Checkpoint[], answer: Answer): Judgement {
  let checkpoint: Checkpoint
  try {
    checkpoint = openCheckpoint(answer.signed, log.campaign, log.key)
  } catch {
    return { verdict: 'unverifiable', checkpoint: null }
  }
  return { verdict: verdictOf(kept, checkpoint, answer), checkpoint }
}

function verdictOf(kept: readonly Checkpoint[], next: Checkpoint, answer: Answer): Verdict {
  const newest = kept.at(-1)
  if (newest === undefined) return 'grown'
  if (next.epoch === newest.epoch) {
    if (next.began !== newest.began) return 'forked'
    if (next.size < newest.size || next.revision < newest.revision) return 'rolled-back'
    return growth(newest, next, answer)
  }
  if (kept.some((c) => c.epoch === next.epoch)) return 'rolled-back'
  const end = continues(next, newest.epoch)
  const base = end === undefined ? undefined : kept.findLast((c) => c.size <= end)
  if (base === undefined) return 'new-epoch'
  const verdict = growth(base, next, answer)
  return verdict === 'grown' || verdict === 'consistent' ? 'new-epoch' : verdict
}

/** Holds a log against an earlier state that it must continue. */
function growth(base: Checkpoint, next: Checkpoint, answer: Answer): Verdict {
  if (next.size === base.size) {
    return compareBytes(next.root, base.root) === 0 ? 'consistent' : 'forked'
  }
  if (base.size === 0) return 'grown'
  if (answer.from !== base.size || answer.proof.length === 0) return 'unverifiable'
  return isConsistent(base, next, answer.proof) ? 'grown' : 'forked'
}

/**
 * Adds a checkpoint that was judged `consistent`, `grown` or `new-epoch`. Those of an earlier
 * epoch that the log does not continue are let go.
 */
export function keep(kept: readonly Checkpoint[], next: Checkpoint): readonly Checkpoint[] {
  const stays = (c: Checkpoint) =>
    c.epoch === next.epoch ? c.size !== next.size : c.size <= (continues(next, c.epoch) ?? -1)
  return [...kept.filter(stays), next].slice(-keptMax)
}
