/** The checkpoints of headquarters' history that this device keeps, and the key that signs them. */
import {
  idBytes,
  keep,
  readCheckpoint,
  readHeadquartersKey,
  type Checkpoint,
  type Log,
} from '@sansuiji/protocol'

import type { Database } from './database'
import { bytes, integer, text } from './row'
import { get, requireIdentity, set } from './state'

/** A checkpoint that was found to continue what this device knew. */
export interface KeptCheckpoint {
  readonly no: number
  readonly signed: string
  readonly receivedAt: number
  readonly checkpoint: Checkpoint
}

/** The checkpoints kept, oldest first. */
export function keptCheckpoints(database: Database): readonly KeptCheckpoint[] {
  const select = 'SELECT no, text, received_at FROM checkpoint ORDER BY no'
  return database.rows(select).map((row) => ({
    no: integer(row, 'no'),
    signed: text(row, 'text'),
    receivedAt: integer(row, 'received_at'),
    checkpoint: readCheckpoint(text(row, 'text')),
  }))
}

/** Adds a checkpoint to the kept ones and lets go of those that it replaces. */
export function keepCheckpoint(
  database: Database,
  kept: readonly KeptCheckpoint[],
  next: Omit<KeptCheckpoint, 'no'>,
): void {
  const stay = new Set(
    keep(
      kept.map(({ checkpoint }) => checkpoint),
      next.checkpoint,
    ),
  )
  for (const { no, checkpoint } of kept) {
    if (!stay.has(checkpoint)) database.run('DELETE FROM checkpoint WHERE no = ?', no)
  }
  database.run(
    'INSERT INTO checkpoint (size, epoch, text, received_at) VALUES (?, ?, ?, ?)',
    next.checkpoint.size,
    idBytes(next.checkpoint.epoch),
    next.signed,
    next.receivedAt,
  )
}

/** Headquarters' log by its name and key; nothing before its key is known. */
export function logKnown(database: Database): Log | undefined {
  const spki = get(database, 'hq_key')
  if (!(spki instanceof Uint8Array)) return undefined
  return { campaign: requireIdentity(database).campaign, key: readHeadquartersKey(spki) }
}

/**
 * Keeps headquarters' key, the first that is told. A headquarters with another key
 * cannot sign for the history that this device knows. Without a key nothing is judged,
 * and all else goes on.
 */
export function pinKey(database: Database, spki: Uint8Array | undefined): void {
  if (spki === undefined || get(database, 'hq_key') !== null) return
  try {
    readHeadquartersKey(spki)
  } catch {
    return // it is none
  }
  set(database, 'hq_key', spki)
}

/** Finds headquarters' key in its row, where enrolling did not tell it. */
export function pinKeyOfRow(database: Database): void {
  if (get(database, 'hq_key') !== null) return
  const rows = database.rows('SELECT public_key FROM device WHERE inspector_id IS NULL')
  const [row] = rows
  if (row === undefined || rows.length > 1) return
  pinKey(database, bytes(row, 'public_key'))
}
