/** Every entry this device ever sealed, and what headquarters said of each. */
import { genesisHash, type EntryReceipt } from '@sansuiji/protocol'

import type { Database, Row } from './database'
import { bytes, integer, maybeInteger, maybeText, text } from './row'
import { remove, set, type Identity } from './state'

/** What is known of an entry: waiting means headquarters has not acknowledged it. */
export type EntryState = 'waiting' | 'merged' | 'held' | 'quarantined'

/** An entry as it is sealed. */
export interface SealedEntry {
  readonly seq: number
  readonly hash: Uint8Array
  /** Canonical bytes. */
  readonly entry: Uint8Array
  readonly savedAt: number
}

/** An entry of the outbox. */
export interface OutboxEntry extends SealedEntry {
  readonly state: EntryState
  /** Why it is in quarantine: a code of the fault list. */
  readonly reason: string | null
  readonly stage: Stage
}

/** Where an entry is safe: nowhere but here, at headquarters, or in a backup of it. */
export type Stage = 'phone' | 'headquarters' | 'backup'

/** The newest entry's place and hash, or the start of the chain. */
export function headOf(database: Database, identity: Identity): { seq: number; hash: Uint8Array } {
  const row = database.row('SELECT seq, hash FROM outbox ORDER BY seq DESC LIMIT 1')
  if (row) return { seq: integer(row, 'seq'), hash: bytes(row, 'hash') }
  return { seq: 0, hash: genesisHash(identity.campaign, identity.device, identity.publicKey) }
}

/** Adds an entry. Call it in the transaction that wrote the entry's rows. */
export function appendEntry(database: Database, entry: SealedEntry): void {
  const insert = 'INSERT INTO outbox (seq, hash, entry, saved_at) VALUES (?, ?, ?, ?)'
  database.run(insert, entry.seq, entry.hash, entry.entry, entry.savedAt)
}

/** How much one push may hold. */
export interface BatchLimit {
  readonly entries: number
  readonly bytes: number
}

/** The oldest waiting entries that follow each other and fit the limit, one at least. */
export function waitingRun(database: Database, limit: BatchLimit): readonly OutboxEntry[] {
  const select = `SELECT * FROM outbox WHERE state = 'waiting' ORDER BY seq LIMIT ?`
  const rows = database.rows(select, limit.entries).map(outboxEntry)
  let size = 0
  const end = rows.findIndex((entry, i) => {
    size += entry.entry.length
    const follows = i === 0 || entry.seq === (rows[i - 1]?.seq ?? 0) + 1
    return i > 0 && (!follows || size > limit.bytes)
  })
  return end < 0 ? rows : rows.slice(0, end)
}

/** Entries in some states, oldest first. */
export function entriesIn(
  database: Database,
  states: readonly EntryState[],
  limit: number,
): readonly OutboxEntry[] {
  const marks = states.map(() => '?').join(', ')
  const select = `SELECT * FROM outbox WHERE state IN (${marks}) ORDER BY seq LIMIT ?`
  return database.rows(select, ...states, limit).map(outboxEntry)
}

/** The entries just before a place in the chain, the oldest first. */
export function entriesBefore(
  database: Database,
  seq: number,
  limit: number,
): readonly OutboxEntry[] {
  const select = 'SELECT * FROM outbox WHERE seq < ? ORDER BY seq DESC LIMIT ?'
  return database.rows(select, seq, limit).map(outboxEntry).reverse()
}

/** All entries after a place in the chain, oldest first. */
export function entriesAfter(database: Database, seq: number): readonly OutboxEntry[] {
  return database.rows('SELECT * FROM outbox WHERE seq > ? ORDER BY seq', seq).map(outboxEntry)
}

/** When the oldest waiting entry was saved, Unix milliseconds; null where none waits. */
export function oldestWaiting(database: Database): number | null {
  const row = database.row(`SELECT MIN(saved_at) AS at FROM outbox WHERE state = 'waiting'`)
  return row ? maybeInteger(row, 'at') : null
}

/** Merged entries that compete in conflicts which nobody has settled, oldest first. */
export function disputedEntries(database: Database, limit: number): readonly OutboxEntry[] {
  const select = `
    SELECT * FROM outbox WHERE state = 'merged' AND seq IN (
      SELECT CAST(SUBSTR(name, 11) AS INTEGER) FROM device_state
      WHERE name >= 'conflicts:' AND name < 'conflicts;')
    ORDER BY seq LIMIT ?`
  return database.rows(select, limit).map(outboxEntry)
}

/** The places of waiting entries, oldest first. */
export function waitingSeqs(database: Database, limit: number): readonly number[] {
  const select = `SELECT seq FROM outbox WHERE state = 'waiting' ORDER BY seq LIMIT ?`
  return database.rows(select, limit).map((row) => integer(row, 'seq'))
}

/** The canonical bytes of one entry. Asking for one that is not there is a bug of ours. */
export function entryAt(database: Database, seq: number): Uint8Array {
  const row = database.row('SELECT entry FROM outbox WHERE seq = ?', seq)
  if (!row) throw new Error(`no entry ${seq} in the outbox`)
  return bytes(row, 'entry')
}

/** How many entries are in each state. */
export function countEntries(database: Database): Readonly<Record<EntryState, number>> {
  const counts = { waiting: 0, merged: 0, held: 0, quarantined: 0 }
  for (const row of database.rows('SELECT state, COUNT(*) AS n FROM outbox GROUP BY state')) {
    counts[stateOf(text(row, 'state'))] = integer(row, 'n')
  }
  return counts
}

/** How many entries are at each stage. */
export function countStages(database: Database): Readonly<Record<Stage, number>> {
  const counts = { phone: 0, headquarters: 0, backup: 0 }
  const select = `SELECT state, backed_up, COUNT(*) AS n FROM outbox GROUP BY state, backed_up`
  for (const row of database.rows(select)) counts[stageOf(row)] += integer(row, 'n')
  return counts
}

/** The newest entries that headquarters has merged, newest first. */
export function newestMerged(database: Database, limit: number): readonly OutboxEntry[] {
  const select = `SELECT * FROM outbox WHERE state = 'merged' ORDER BY seq DESC LIMIT ?`
  return database.rows(select, limit).map(outboxEntry)
}

/**
 * Writes down what headquarters said of some entries. True when one was quarantined
 * that was not before: what it wrote is in the rows, and headquarters has nothing of
 * it to send, so everything is to be pulled anew.
 */
export function markReceipts(database: Database, receipts: readonly EntryReceipt[]): boolean {
  let quarantined = false
  for (const receipt of receipts) {
    const stands = receipt.outcome === 'duplicate' ? (receipt.stands ?? 'merged') : receipt.outcome
    noteConflicts(database, receipt)
    const before = database.row('SELECT state FROM outbox WHERE seq = ?', receipt.seq)
    if (before?.['state'] === stands) continue
    const update = 'UPDATE outbox SET state = ?, reason = ? WHERE seq = ?'
    database.run(update, stateOf(stands), receipt.reason ?? null, receipt.seq)
    quarantined ||= stands === 'quarantined'
  }
  return quarantined
}

/**
 * Writes down that entries compete in open conflicts: what others wrote came after them.
 * In how many is asked by the next sync.
 */
export function noteDisputed(database: Database, seqs: readonly number[]): void {
  const insert =
    'INSERT INTO device_state (name, value) VALUES (?, 1) ON CONFLICT (name) DO NOTHING'
  for (const seq of seqs) database.run(insert, `conflicts:${seq}`)
}

function noteConflicts(database: Database, { seq, conflicts = 0 }: EntryReceipt): void {
  if (conflicts > 0) set(database, `conflicts:${seq}`, conflicts)
  else remove(database, `conflicts:${seq}`)
}

/** Lets all entries wait: what was acknowledged counts no more. */
export function offerAgain(database: Database): void {
  database.run(`UPDATE outbox SET state = 'waiting', reason = NULL WHERE state <> 'waiting'`)
}

/**
 * Headquarters wants entries from `next` on: those it had acknowledged and lost
 * again, as after a restored backup, wait once more. Gives their number.
 */
export function waitFrom(database: Database, next: number): number {
  const where = `seq >= ? AND state <> 'waiting'`
  const row = database.row(`SELECT COUNT(*) AS n FROM outbox WHERE ${where}`, next)
  database.run(`UPDATE outbox SET state = 'waiting', reason = NULL WHERE ${where}`, next)
  return row ? integer(row, 'n') : 0
}

function outboxEntry(row: Row): OutboxEntry {
  return {
    seq: integer(row, 'seq'),
    hash: bytes(row, 'hash'),
    entry: bytes(row, 'entry'),
    savedAt: integer(row, 'saved_at'),
    state: stateOf(text(row, 'state')),
    reason: maybeText(row, 'reason'),
    stage: stageOf(row),
  }
}

/** An entry that headquarters lost waits again, whatever was in a backup once. */
function stageOf(row: Row): Stage {
  if (stateOf(text(row, 'state')) === 'waiting') return 'phone'
  return integer(row, 'backed_up') === 1 ? 'backup' : 'headquarters'
}

function stateOf(name: string): EntryState {
  switch (name) {
    case 'merged':
    case 'held':
    case 'quarantined':
      return name
    default:
      return 'waiting'
  }
}
