/** The end of a visit: what the unit's representative reads, and signs, refuses, or is not there for. */
import { idBytes, newId, type Id } from '@sansuiji/protocol'

import { capture, type Saved, type Saving, type Store } from './capture'
import type { Database, Row } from './database'
import { unsentRows } from './described'
import { dropForm, formOf } from './form'
import { MissingError } from './record'
import { id, integer, maybeId, maybeText, text } from './row'
import { keepSignature, type Signature } from './signoffImage'
import { clean, put, textOrNull, type Cells } from './write'

export type SignoffResult = 'signed' | 'refused' | 'absent'

/** A sign-off as its form holds it. */
export interface SignoffInput {
  readonly visit: Id
  readonly result: SignoffResult
  /** The text as it was read. */
  readonly summary: string
  readonly name: string
  readonly duty: string
  /** Of a refusal. */
  readonly reason: string
  /** Of a signature on the glass. */
  readonly signature: Signature | null
}

/** A sign-off as it was saved. */
export interface SignoffView {
  readonly id: Id
  readonly result: string
  readonly summary: string
  readonly name: string | null
  readonly duty: string | null
  readonly reason: string | null
  readonly attachment: Id | null
  /** Unix milliseconds. */
  readonly signedAt: number
  readonly inspector: string | null
  readonly unsent: boolean
}

/**
 * Writes down how the reading ended. Each is a row of its own and never changes:
 * somebody who was away may sign later.
 */
export function saveSignoff(store: Store, input: SignoffInput): Saved<Id> {
  requireWords(input)
  return capture(store, (saving) => {
    const signoff = newId(saving.at, saving.random)
    dropForm(saving.database, formOf.signoff(input.visit))
    put(saving, 'signoff', signoff, {
      visit_id: idBytes(input.visit),
      result: input.result,
      summary: clean(input.summary),
      ...saidBy(saving, input, signoff),
      signed_at: saving.at,
      inspector_id: idBytes(saving.identity.inspector),
    })
    return signoff
  })
}

function requireWords({ result, summary, name, reason, signature }: SignoffInput): void {
  if (clean(summary) === '') throw new MissingError('summary')
  if (result === 'signed' && clean(name) === '') throw new MissingError('name')
  if (result === 'signed' && signature === null) throw new MissingError('signature')
  if (result === 'refused' && clean(reason) === '') throw new MissingError('reason')
}

/** Nobody is named where nobody was. */
function saidBy(saving: Saving, input: SignoffInput, signoff: Id): Cells {
  const { visit, result, signature } = input
  if (result === 'absent') return { reason: textOrNull(input.reason) }
  const who = { name: textOrNull(input.name), duty: textOrNull(input.duty) }
  if (result === 'refused' || signature === null) return { ...who, reason: clean(input.reason) }
  const attachment = keepSignature(saving, { visit, signoff, signature })
  return { ...who, attachment_id: idBytes(attachment) }
}

/** The visit is over for good. What is recorded afterwards is shown as added. */
export function closeVisit(store: Store, visit: Id): Saved<Id> {
  return capture(store, ({ database, at }) => {
    database.run(
      `UPDATE visit SET status = 'closed', left_at = COALESCE(left_at, ?) WHERE id = ?`,
      at,
      idBytes(visit),
    )
    return visit
  })
}

const signoffList = `
  SELECT s.*, i.name AS inspector
  FROM signoff s LEFT JOIN inspector i ON i.id = s.inspector_id
  WHERE s.visit_id = ? ORDER BY s.signed_at DESC, s.id DESC`

/** The sign-offs of a visit, newest first. */
export function signoffs(database: Database, visit: Id): readonly SignoffView[] {
  const unsent = unsentRows(database)
  return database.rows(signoffList, idBytes(visit)).map((row) => signoffView(row, unsent))
}

function signoffView(row: Row, unsent: ReadonlySet<Id>): SignoffView {
  return {
    id: id(row, 'id'),
    result: text(row, 'result'),
    summary: text(row, 'summary'),
    name: maybeText(row, 'name'),
    duty: maybeText(row, 'duty'),
    reason: maybeText(row, 'reason'),
    attachment: maybeId(row, 'attachment_id'),
    signedAt: integer(row, 'signed_at'),
    inspector: maybeText(row, 'inspector'),
    unsent: unsent.has(id(row, 'id')),
  }
}
