/**
 * Fetches what changed at headquarters, page by page. Rows, cursor and the
 * overlay of unsent edits move in one transaction per page.
 */
import {
  disputedIn,
  noId,
  parseId,
  parsePullAnswer,
  schemaVersion,
  tables,
  witnessOf,
  type Id,
  type PullAnswer,
} from '@sansuiji/protocol'

import { applyPatchset, checkTables } from './changeset'
import { keptCheckpoints, pinKeyOfRow } from './checkpoint'
import type { Contact } from './contact'
import type { Database } from './database'
import { keepHeads, markBackedUp } from './facts'
import { isProblem } from './failure'
import { noteDisputed } from './outbox'
import { overlay } from './overlay'
import { getId, getNumber, getText, set, setId } from './state'
import { noteAnswer } from './witness'

/** How often one pull may start over because headquarters changed its mind. */
const restartsMax = 5

/** Pages in one pull; more than any city has. */
const pagesMax = 10_000

/** What a pull did. */
export type Pulled =
  | { readonly kind: 'complete'; readonly rows: number }
  /** Headquarters lives a new life: it must get what it lacks before we start over. */
  | { readonly kind: 'restored' }

/** Where the next page starts. */
interface Cursor {
  readonly epoch: Id
  readonly after: number
  /** The page replaces all that is here. */
  readonly fresh: boolean
}

/** Pulls until the device has everything. */
export async function pull(contact: Contact): Promise<Pulled> {
  return pullFrom(contact, keptCursor(contact.store.database))
}

/** Pulls everything anew. What is here stays until the first page has come. */
export async function pullAnew(contact: Contact): Promise<Pulled> {
  return pullFrom(contact, { epoch: noId, after: 0, fresh: true })
}

async function pullFrom(contact: Contact, start: Cursor): Promise<Pulled> {
  const { database } = contact.store
  let cursor = start
  let rows = 0
  let restarts = 0
  for (let page = 0; page < pagesMax; page++) {
    const answer = await fetchPage(contact, cursor)
    if (answer === 'cursor-ahead') return { kind: 'restored' }
    if (cursor.after > 0 && parseId(answer.epoch) !== cursor.epoch) return { kind: 'restored' }
    if (!cursor.fresh && scopesChanged(database, answer)) {
      if (++restarts > restartsMax) throw new Error('pull: the scopes keep changing')
      cursor = { epoch: noId, after: 0, fresh: true }
      continue
    }
    if (takePage(contact, answer, cursor.fresh)) return { kind: 'restored' }
    rows += answer.rows
    contact.progress({ kind: 'pull', done: rows, total: rows - answer.rows + answer.total })
    if (!answer.more) return { kind: 'complete', rows }
    cursor = keptCursor(database)
  }
  throw new Error('pull: too many pages')
}

function keptCursor(database: Database): Cursor {
  if (getNumber(database, 'schema') !== schemaVersion) {
    // The rows lack what columns brought since.
    return { epoch: noId, after: 0, fresh: true }
  }
  const after = getNumber(database, 'cursor')
  return { epoch: getId(database, 'cursor_epoch'), after, fresh: false }
}

async function fetchPage(contact: Contact, cursor: Cursor): Promise<PullAnswer | 'cursor-ahead'> {
  const kept = keptCheckpoints(contact.store.database)
  const newest = kept.at(-1)
  const query = new URLSearchParams({
    after: String(cursor.after),
    schema: String(schemaVersion),
    ...(cursor.after > 0 ? { epoch: cursor.epoch } : {}),
    ...(newest ? { held: newest.checkpoint.epoch } : {}),
    ...(newest ? { size: kept.map(({ checkpoint }) => checkpoint.size).join(',') } : {}),
  })
  try {
    const path = `/api/v1/pull?${query.toString()}`
    return parsePullAnswer(await contact.send({ method: 'GET', path }))
  } catch (error) {
    if (isProblem(error, 'cursor-ahead')) return 'cursor-ahead'
    throw error
  }
}

/** Whether headquarters decides differently from before what this device holds. */
function scopesChanged(database: Database, answer: PullAnswer): boolean {
  const held = getText(database, 'scopes')
  return held !== null && held !== scopesText(answer)
}

function scopesText(answer: PullAnswer): string {
  return JSON.stringify([...answer.scopes].sort())
}

/** Takes a page. True: headquarters went back and does not know it yet. */
function takePage(contact: Contact, answer: PullAnswer, fresh: boolean): boolean {
  const { database } = contact.store
  const epoch = parseId(answer.epoch)
  const witness = witnessOf(answer)
  checkTables(database, answer.patchset)
  return database.transaction(() => {
    if (fresh) wipe(database)
    applyPatchset(database, answer.patchset)
    overlay(database)
    pinKeyOfRow(database)
    noteDisputed(database, disputedIn(answer))
    setId(database, 'cursor_epoch', epoch)
    set(database, 'cursor', answer.next)
    set(database, 'scopes', scopesText(answer))
    set(database, 'schema', schemaVersion)
    if (!answer.more) {
      setId(database, 'seen_epoch', epoch)
      set(database, 'seen_revision', answer.next)
    }
    keepHeads(database, epoch, answer.next, witness.heads)
    const wentBack = noteAnswer(contact, answer, witness)
    markBackedUp(database, witness.backedUp)
    return wentBack
  })
}

/** Empties the synced tables; the outbox keeps every entry. */
function wipe(database: Database): void {
  for (const table of tables) database.run(`DELETE FROM ${table.name}`)
}
