/**
 * What this device knows of states of headquarters that may be gone: a restored
 * headquarters asks what the authors of older entries had seen.
 */
import {
  factHeadsMax,
  factsMax,
  idBytes,
  idOf,
  noId,
  parseEntry,
  parseId,
  type Entry,
  type Fact,
  type Id,
  type PushRequest,
  type Witness,
} from '@sansuiji/protocol'

import { keptCheckpoints } from './checkpoint'
import type { Database, Row } from './database'
import { offerAgain } from './outbox'
import { bytes, integer } from './row'
import { getId, getNumber, set, setId } from './state'

/**
 * Learns which life of headquarters answers. In a new one it lacks what it had
 * acknowledged since its backup, or got it by others and decided otherwise: all is
 * offered again. Which entries are in a backup is its to say again, too.
 */
export function noteEpoch(database: Database, epoch: Id): void {
  const known = getId(database, 'hq_epoch')
  if (known === epoch) return
  setId(database, 'hq_epoch', epoch)
  // The first: there is nothing to tell of others.
  if (known === noId) setId(database, 'facts_told_epoch', epoch)
  else offerAgain(database)
  database.run('UPDATE outbox SET backed_up = 0 WHERE backed_up = 1')
  set(database, 'backed_up', 0)
}

/** Notes that the entries up to one are in a backup of headquarters. */
export function markBackedUp(database: Database, upTo: number): void {
  const have = getNumber(database, 'backed_up')
  if (upTo <= have) return
  database.run('UPDATE outbox SET backed_up = 1 WHERE seq > ? AND seq <= ?', have, upTo)
  set(database, 'backed_up', upTo)
  pruneHeads(database)
}

/** Keeps which entries headquarters' state held at a revision. */
export function keepHeads(
  database: Database,
  epoch: Id,
  revision: number,
  heads: Witness['heads'],
): void {
  for (const head of heads) {
    database.run(
      `INSERT INTO epoch_head (epoch, revision, device_id, seq) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)`,
      idBytes(epoch),
      revision,
      idBytes(parseId(head.device_id)),
      head.seq,
    )
  }
  if (heads.length > 0) replaceHeads(database, epoch, revision)
}

/**
 * Lets go of heads that newer ones replace: no entry was saved between the two, so
 * none can have seen the one and not the other.
 */
function replaceHeads(database: Database, epoch: Id, revision: number): void {
  const seen = seenBy(database, 'ORDER BY seq DESC LIMIT 1')
  const after = seen?.epoch === epoch ? seen.revision : -1
  database.run(
    `DELETE FROM epoch_head WHERE epoch = ?1 AND revision > ?2 AND revision < ?3
       AND device_id IN (SELECT device_id FROM epoch_head WHERE epoch = ?1 AND revision = ?3)`,
    idBytes(epoch),
    after,
    revision,
  )
}

/**
 * Lets go of what no entry can need that is not in a backup: a restored headquarters
 * has the others.
 */
function pruneHeads(database: Database): void {
  const now = {
    epoch: getId(database, 'seen_epoch'),
    revision: getNumber(database, 'seen_revision'),
  }
  // An entry names the epoch that its author had seen at byte 109.
  database.run(
    `DELETE FROM epoch_head WHERE epoch <> ?
       AND epoch NOT IN (SELECT substr(entry, 110, 16) FROM outbox WHERE backed_up = 0)`,
    idBytes(now.epoch),
  )
  const oldest = seenBy(database, 'AND backed_up = 0 ORDER BY seq LIMIT 1') ?? now
  database.run(
    `DELETE FROM epoch_head WHERE epoch = ?1 AND revision <= ?2
       AND (revision, device_id) NOT IN (SELECT max(revision), device_id FROM epoch_head
         WHERE epoch = ?1 AND revision <= ?2 GROUP BY device_id)`,
    idBytes(oldest.epoch),
    oldest.revision,
  )
}

/** What the author of an entry had seen. */
function seenBy(database: Database, which: string): Entry['seen'] | undefined {
  const row = database.row(`SELECT entry FROM outbox WHERE true ${which}`)
  return row && parseEntry(bytes(row, 'entry')).seen
}

/**
 * What a push says beside entries: the kept checkpoints, and once after
 * headquarters' epoch changed what is known of earlier ones.
 */
export function knowledge(database: Database): Pick<PushRequest, 'checkpoint' | 'sizes' | 'facts'> {
  const kept = keptCheckpoints(database)
  const newest = kept.at(-1)
  const held = newest && {
    checkpoint: newest.signed,
    sizes: kept.map(({ checkpoint }) => checkpoint.size),
  }
  const epoch = getId(database, 'hq_epoch')
  const told = getId(database, 'facts_told_epoch')
  return { ...held, ...(told === epoch ? {} : { facts: factsBut(database, epoch) }) }
}

/** The newest facts about other epochs than one. */
export function factsBut(database: Database, epoch: Id): readonly Fact[] {
  const select = `SELECT epoch, revision, device_id, seq FROM epoch_head WHERE epoch <> ?
    ORDER BY revision DESC, epoch, device_id LIMIT ?`
  const facts: { epoch: Id; revision: number; heads: Fact['heads'][number][] }[] = []
  for (const row of database.rows(select, idBytes(epoch), factHeadsMax)) {
    const of = { epoch: idIn(row, 'epoch'), revision: integer(row, 'revision') }
    const head = { device_id: idIn(row, 'device_id'), seq: integer(row, 'seq') }
    const last = facts.at(-1)
    if (last?.epoch === of.epoch && last.revision === of.revision) last.heads.push(head)
    else facts.push({ ...of, heads: [head] })
  }
  return facts.slice(0, factsMax)
}

function idIn(row: Row, name: string): Id {
  return idOf(bytes(row, name))
}
