/**
 * Seals what a person saves: the rows, their changeset and its place in the
 * device's chain are written in one transaction, so rows and outbox can never
 * disagree, whatever kills the app.
 */
import {
  entryBytes,
  entryHash,
  entryMax,
  hybridClock,
  schemaVersion,
  type Bytes,
  type Id,
  type Random,
} from '@sansuiji/protocol'

import { recordChanges } from './changeset'
import type { Database } from './database'
import { appendEntry, headOf } from './outbox'
import { clockOf, getId, getNumber, raiseClock, requireIdentity, type Identity } from './state'

/** The device's wall clock, Unix milliseconds. */
export type Clock = () => number

/** What saving needs. */
export interface Store {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
}

/** What the writes of one transaction share. */
export interface Saving {
  readonly database: Database
  readonly identity: Identity
  /** The one time of the whole transaction, Unix milliseconds. */
  readonly at: number
  readonly random: Random
}

/** What became of a save. */
export interface Saved<T> {
  readonly value: T
  /** The entry's place in the chain; undefined when nothing had changed. */
  readonly seq: number | undefined
}

/**
 * Does the writes of one save. When it returns they are durable together with
 * their entry; when it throws nothing has happened.
 */
export function capture<T>(store: Store, write: (saving: Saving) => T): Saved<T> {
  const { database, random } = store
  return database.transaction(() => {
    const identity = requireIdentity(database)
    const at = store.clock()
    const results: T[] = []
    const changeset = recordChanges(database, () => {
      results.push(write({ database, identity, at, random }))
    })
    const seq = changeset.length === 0 ? undefined : seal(database, identity, at, changeset)
    return { value: results[0] as T, seq }
  })
}

function seal(database: Database, identity: Identity, at: number, changeset: Bytes): number {
  const head = headOf(database, identity)
  const clock = hybridClock.next(clockOf(database), at)
  const seq = head.seq + 1
  const entry = entryBytes({
    campaign: identity.campaign,
    device: identity.device,
    seq,
    previous: head.hash,
    clock,
    wallAt: at,
    schema: schemaVersion,
    seen: seenOf(database),
    changeset,
  })
  if (entry.length > entryMax) throw new Error(`save: ${entry.length} bytes in one entry`)
  appendEntry(database, { seq, hash: entryHash(entry), entry, savedAt: at })
  raiseClock(database, clock)
  return seq
}

/** Headquarters' state last pulled completely; nothing is learnt by other ways yet. */
function seenOf(database: Database): { epoch: Id; revision: number; heads: readonly [] } {
  return {
    epoch: getId(database, 'seen_epoch'),
    revision: getNumber(database, 'seen_revision'),
    heads: [],
  }
}
