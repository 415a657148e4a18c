/**
 * Forms being filled in, kept until they are saved, so that a reload or a killed
 * app loses no typed word. They stay on this device and make no entry.
 */
import { naturalId, naturalKeyId, type Id } from '@sansuiji/protocol'

import type { Database } from './database'
import { getText, remove, set } from './state'

/** The keys forms are kept under: an id each, so that two forms never share one. */
export const formOf = {
  newFinding: (visit: Id): Id => naturalId('form-finding', visit),
  finding: (finding: Id): Id => naturalId('form-finding', finding),
  comment: (finding: Id): Id => naturalId('form-comment', finding),
  verification: (visit: Id, subject: Id): Id => naturalId('form-verification', visit, subject),
  visitNote: (visit: Id): Id => naturalId('form-visit', visit),
  roster: (visit: Id): Id => naturalId('form-roster', visit),
  paste: (visit: Id): Id => naturalId('form-paste', visit),
  opening: (visit: Id): Id => naturalId('form-opening', visit),
  contact: (visit: Id, person: string): Id => naturalKeyId('form-contact', visit, person),
  mirror: (device: Id): Id => naturalId('form-mirror', device),
  answer: (visit: Id, question: Id): Id => naturalId('form-answer', visit, question),
  answerNote: (visit: Id, question: Id): Id => naturalId('form-answer-note', visit, question),
  signoff: (visit: Id): Id => naturalId('form-signoff', visit),
}

/** Keeps a form's content as text. */
export function keepForm(database: Database, of: Id, content: string): void {
  set(database, `draft:${of}`, content)
}

/** The kept content, or nothing. */
export function keptForm(database: Database, of: Id): string | null {
  return getText(database, `draft:${of}`)
}

/** Forgets a form that was saved or given up. */
export function dropForm(database: Database, of: Id): void {
  remove(database, `draft:${of}`)
}
