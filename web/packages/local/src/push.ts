/**
 * Sends what headquarters has not acknowledged. Headquarters says which entry it
 * wants next; after a restored backup that is one it had before, and it gets it
 * again.
 */
import { copy, headBytes, parsePushAnswer, type PushAnswer } from '@sansuiji/protocol'

import { isProblem } from './failure'
import {
  countEntries,
  entriesIn,
  markReceipts,
  waitFrom,
  waitingRun,
  type OutboxEntry,
} from './outbox'
import type { Contact } from './contact'
import { noteContact, raiseClock, requireIdentity } from './state'

/** What one push may hold. */
const batchLimit = { entries: 500, bytes: 4 << 20 }

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
  const answer = await exchange(contact, [])
  take(contact, answer)
}

/** Asks what became of entries that were held or quarantined when they arrived. */
export async function askPending(contact: Contact): Promise<void> {
  const pending = entriesIn(contact.store.database, ['held', 'quarantined'], pendingMax)
  for (const run of runsOf(pending)) take(contact, await exchange(contact, run))
}

/** Pushes one run. True when headquarters wants older entries first. */
async function pushRun(contact: Contact, run: readonly OutboxEntry[]): Promise<boolean> {
  try {
    return take(contact, await exchange(contact, run))
  } catch (error) {
    if (!isProblem(error, 'chain-gap')) throw error
    await askNext(contact)
    return true
  }
}

async function exchange(contact: Contact, run: readonly OutboxEntry[]): Promise<PushAnswer> {
  const identity = requireIdentity(contact.store.database)
  const last = run.at(-1)
  const head = last && headBytes(identity.campaign, identity.device, last.seq, last.hash)
  const answer = await contact.send({
    method: 'POST',
    path: '/api/v1/push',
    body: {
      campaign_id: identity.campaign,
      device_id: identity.device,
      entries: run.map((entry) => copy(entry.entry)),
      ...(head ? { signature: await contact.key.sign(head) } : {}),
    },
  })
  return parsePushAnswer(answer)
}

/** Writes down an answer in one transaction. True when older entries wait again. */
function take(contact: Contact, answer: PushAnswer): boolean {
  const { database, clock } = contact.store
  return database.transaction(() => {
    markReceipts(database, answer.entries)
    raiseClock(database, BigInt(answer.clock))
    noteContact(database, clock())
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
