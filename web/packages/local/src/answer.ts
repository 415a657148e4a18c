/** Writes down what every answer of headquarters tells, beside rows and receipts. */
import { parseId, type Witness } from '@sansuiji/protocol'

import { takeCheckpoint } from './checkpoint'
import type { Contact } from './contact'
import { noteEpoch } from './facts'
import { noteContact, raiseClock } from './state'

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
