/**
 * Takes note of what every answer tells, beside rows and receipts, and witnesses
 * headquarters' history: each checkpoint is judged by those that are kept. What is
 * wrong is kept as an alarm and stops nothing: nothing is gained by keeping entries
 * from headquarters.
 */
import { judge, parseId, type Witness } from '@sansuiji/protocol'

import { distrust, doubt, noteRestored, raiseAlarm } from './alarm'
import { keepCheckpoint, keptCheckpoints, logKnown } from './checkpoint'
import type { Contact } from './contact'
import { noteEpoch } from './facts'
import { noteContact, raiseClock, remove } from './state'

/** The part that answers to pushes and pulls share. */
export interface Told {
  readonly epoch: string
  readonly clock: string
}

/**
 * Takes note of an answer; call it in the transaction that takes the rest. True: it
 * proves that headquarters went back, which was not known before.
 */
export function noteAnswer(contact: Contact, answer: Told, witness: Witness): boolean {
  const { database, clock } = contact.store
  raiseClock(database, BigInt(answer.clock))
  noteEpoch(database, parseId(answer.epoch))
  noteContact(database, clock())
  return takeCheckpoint(contact, witness)
}

/**
 * Judges the checkpoint of an answer. True: it proves that headquarters went back,
 * which was not known before.
 */
function takeCheckpoint(contact: Contact, witness: Witness): boolean {
  const { database, clock } = contact.store
  const log = logKnown(database)
  if (log === undefined || witness.checkpoint === '') return false
  const kept = keptCheckpoints(database)
  const newest = kept.at(-1)
  if (newest?.signed === witness.checkpoint) {
    remove(database, 'doubts')
    return false
  }
  const { verdict, checkpoint } = judge(
    log,
    kept.map((one) => one.checkpoint),
    {
      ...witness,
      signed: witness.checkpoint,
    },
  )
  const at = clock()
  const fresh = witness.checkpoint
  switch (verdict) {
    case 'unverifiable':
      doubt(contact, { at, newest, fresh })
      return false
    case 'rolled-back':
    case 'forked':
      raiseAlarm(database, { at, kind: verdict, newest, fresh })
      return distrust(database, newest)
    case 'new-epoch':
    case 'consistent':
    case 'grown':
      if (checkpoint === null) return false
      if (verdict === 'new-epoch') noteRestored(database, at, newest, checkpoint)
      remove(database, 'doubts')
      keepCheckpoint(database, kept, { signed: fresh, receivedAt: at, checkpoint })
      return false
  }
}
