/**
 * Sends what headquarters has not acknowledged. Headquarters says which entry it
 * wants next; after a restored backup that is one it had before, and it gets it
 * again.
 */
import {
  copy,
  headBytes,
  noId,
  parseId,
  parsePushAnswer,
  witnessOf,
  type PushAnswer,
  type PushRequest,
} from '@sansuiji/protocol'

import { isProblem } from './failure'
import { knowledge, markBackedUp } from './facts'
import {
  countEntries,
  disputedEntries,
  entriesIn,
  markReceipts,
  waitFrom,
  waitingRun,
  type OutboxEntry,
} from './outbox'
import type { Contact } from './contact'
import { sendPacked } from './packed'
import { getId, remove, requireIdentity, setId } from './state'
import { noteAnswer } from './witness'

/** What one push may hold. */
export const batchLimit = { entries: 500, bytes: 4 << 20 }

/** How often one sync lets headquarters ask for older entries. */
const rewindsMax = 3

/** How many held and quarantined entries are asked after in one sync. */
const pendingMax = 50

/** What a push did. */
export interface Pushed {
  readonly entries: number
}

/** Pushes until nothing waits. */
export async function push(contact: Contact): Promise<Pushed> {
  const { database } = contact.store
  let entries = 0
  let rewinds = 0
  for (;;) {
    const run = waitingRun(database, batchLimit)
    if (run.length === 0) return { entries }
    const waiting = countEntries(database).waiting
    contact.progress({ kind: 'push', done: entries, total: entries + waiting })
    const rewound = await pushRun(contact, run)
    if (!rewound) entries += run.length
    else if (++rewinds > rewindsMax) throw new Error('push: headquarters keeps asking for more')
  }
}

/** Asks which entry headquarters wants next, and lets older ones wait again. */
export async function askNext(contact: Contact): Promise<void> {
  await exchange(contact, [])
}

/** Asks what became of entries that were held or quarantined when they arrived, or are disputed. */
export async function askPending(contact: Contact): Promise<void> {
  const { database } = contact.store
  const pending = [
    ...entriesIn(database, ['held', 'quarantined'], pendingMax),
    ...disputedEntries(database, pendingMax),
  ].sort((a, b) => a.seq - b.seq)
  for (const run of runsOf(pending)) await pushRun(contact, run)
}

/** Pushes one run. True when headquarters wants older entries first. */
async function pushRun(contact: Contact, run: readonly OutboxEntry[]): Promise<boolean> {
  try {
    return await exchange(contact, run)
  } catch (error) {
    // The latter: headquarters lives a new life, and there is something to tell first.
    if (!isProblem(error, 'chain-gap') && !isProblem(error, 'cursor-ahead')) throw error
    await askNext(contact)
    return true
  }
}

/** Pushes entries and writes down the answer. True when older entries wait again. */
async function exchange(contact: Contact, run: readonly OutboxEntry[]): Promise<boolean> {
  const { database } = contact.store
  const identity = requireIdentity(database)
  const last = run.at(-1)
  const head = last && headBytes(identity.campaign, identity.device, last.seq, last.hash)
  const known = knowledge(database)
  const epoch = getId(database, 'hq_epoch')
  const body: PushRequest = {
    campaign_id: identity.campaign,
    device_id: identity.device,
    entries: run.map((entry) => copy(entry.entry)),
    ...(head ? { signature: await contact.key.sign(head) } : {}),
    ...known,
  }
  const path = epoch === noId ? '/api/v1/push' : `/api/v1/push?epoch=${epoch}`
  const packed = await sendPacked(contact, run, body)
  const answer = parsePushAnswer(packed ?? (await contact.send({ method: 'POST', path, body })))
  return take(contact, answer, known.facts !== undefined)
}

/** Writes down an answer in one transaction. True when older entries wait again. */
function take(contact: Contact, answer: PushAnswer, toldFacts: boolean): boolean {
  const { database } = contact.store
  const witness = witnessOf(answer)
  return database.transaction(() => {
    noteAnswer(contact, answer, witness)
    if (toldFacts) setId(database, 'facts_told_epoch', parseId(answer.epoch))
    if (markReceipts(database, answer.entries)) remove(database, 'schema')
    markBackedUp(database, witness.backedUp)
    return waitFrom(database, answer.next) > 0
  })
}

function runsOf(entries: readonly OutboxEntry[]): readonly (readonly OutboxEntry[])[] {
  const runs: OutboxEntry[][] = []
  for (const entry of entries) {
    const run = runs.at(-1)
    if (run && run.at(-1)?.seq === entry.seq - 1) run.push(entry)
    else runs.push([entry])
  }
  return runs
}
