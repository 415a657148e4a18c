/** What a person saves. Each function is one transaction and one entry. */
import { idBytes, naturalId, newId, type Id } from '@sansuiji/protocol'

import { attach } from './attach'
import { capture, type Saved, type Saving, type Store } from './capture'
import { dropForm, formOf } from './form'
import type { PhotoInput } from './photo'
import { maybeInteger } from './row'
import type { VoiceInput } from './voice'
import { clean, isSame, placeCells, put, textOrNull, update, type Cells } from './write'

/** Where something was recorded: WGS 84 degrees times ten million, and metres. */
export interface Place {
  readonly latitudeE7: number
  readonly longitudeE7: number
  readonly accuracyM: number
}

export type Outcome = 'rectified' | 'partly' | 'not' | 'sham'
export type FindingKind = 'problem' | 'achievement'
export type Severity = 'minor' | 'moderate' | 'serious' | 'critical'

/** What a verification is about. */
export interface Subject {
  readonly kind: 'problem' | 'commitment'
  readonly id: Id
}

/** What the team saw about one problem or commitment. */
export interface VerificationInput {
  readonly visit: Id
  readonly subject: Subject
  readonly outcome: Outcome
  readonly note: string
  readonly place: Place | null
  /** Taken since it was last saved. */
  readonly photos?: readonly PhotoInput[]
  readonly voices?: readonly VoiceInput[]
}

/** A finding as its form holds it. */
export interface FindingInput {
  /** Nothing for a new one. */
  readonly id: Id | null
  readonly visit: Id
  readonly problem: Id | null
  readonly kind: FindingKind
  readonly title: string
  readonly detail: string
  readonly severity: Severity | null
  /** A code of the catalogue. */
  readonly topic?: string | null
  /** Who should put it right, and by when (Unix milliseconds), as the team suggests. */
  readonly responsibleUnit?: string
  readonly dueAt?: number | null
  readonly place: Place | null
  /** Taken since it was last saved. */
  readonly photos?: readonly PhotoInput[]
  readonly voices?: readonly VoiceInput[]
  /** Submits a draft. One that is submitted stays so. */
  readonly submit: boolean
}

/** A person left out what must be there. */
export class MissingError extends Error {}

/** The team has arrived at the unit. The first arrival counts. */
export function arriveAtVisit(store: Store, visit: Id): Saved<Id> {
  return capture(store, ({ database, at }) => {
    database.run(
      `UPDATE visit SET arrived_at = COALESCE(arrived_at, ?),
         status = CASE status WHEN 'planned' THEN 'arrived' ELSE status END
       WHERE id = ?`,
      at,
      idBytes(visit),
    )
    return visit
  })
}

/** Where the team was when it arrived. The first place that is told counts. */
export function saveArrivalPlace(store: Store, visit: Id, place: Place): Saved<Id> {
  return capture(store, ({ database }) => {
    database.run(
      `UPDATE visit SET arrived_latitude_e7 = ?, arrived_longitude_e7 = ?, arrived_accuracy_m = ?
       WHERE id = ? AND arrived_latitude_e7 IS NULL`,
      Math.round(place.latitudeE7),
      Math.round(place.longitudeE7),
      Math.round(place.accuracyM),
      idBytes(visit),
    )
    return visit
  })
}

/** The team has left the unit. */
export function leaveVisit(store: Store, visit: Id): Saved<Id> {
  return capture(store, ({ database, at }) => {
    database.run(
      `UPDATE visit SET left_at = ?,
         status = CASE status WHEN 'closed' THEN status ELSE 'left' END
       WHERE id = ?`,
      at,
      idBytes(visit),
    )
    return visit
  })
}

/** Remarks on the visit as a whole. */
export function saveVisitNote(store: Store, visit: Id, note: string): Saved<Id> {
  return capture(store, ({ database }) => {
    dropForm(database, formOf.visitNote(visit))
    database.run('UPDATE visit SET note = ? WHERE id = ?', textOrNull(note), idBytes(visit))
    return visit
  })
}

/** The row of a verification, the same for everybody who verifies this in this visit. */
export function verificationId(visit: Id, subject: Subject): Id {
  return naturalId('verification', visit, subject.id)
}

/** What was seen about one problem or commitment. Whoever does it again changes the same row. */
export function saveVerification(store: Store, input: VerificationInput): Saved<Id> {
  return capture(store, (saving) => {
    const id = verificationId(input.visit, input.subject)
    dropForm(saving.database, formOf.verification(input.visit, input.subject.id))
    const { visit, photos = [], voices = [] } = input
    attach(saving, { visit, subject: { table: 'verification', id }, photos, voices })
    const said = { outcome: input.outcome, note: textOrNull(input.note) }
    if (isSame(saving, 'verification', id, said)) return id
    const subject = idBytes(input.subject.id)
    put(saving, 'verification', id, {
      visit_id: idBytes(input.visit),
      problem_id: input.subject.kind === 'problem' ? subject : null,
      commitment_id: input.subject.kind === 'commitment' ? subject : null,
      ...said,
      inspector_id: idBytes(saving.identity.inspector),
      verified_at: saving.at,
      ...(input.place ? placeCells(input.place) : {}),
    })
    return id
  })
}

/** An achievement or a new problem. */
export function saveFinding(store: Store, input: FindingInput): Saved<Id> {
  const title = clean(input.title)
  if (title === '') throw new MissingError('title')
  return capture(store, (saving) => {
    const form = input.id ? formOf.finding(input.id) : formOf.newFinding(input.visit)
    dropForm(saving.database, form)
    const said = {
      problem_id: input.problem ? idBytes(input.problem) : null,
      kind: input.kind,
      title,
      detail: textOrNull(input.detail),
      severity: input.severity,
      topic: input.topic ?? null,
      responsible_unit: textOrNull(input.responsibleUnit ?? ''),
      due_at: input.dueAt ?? null,
      ...(input.submit ? { status: 'submitted' } : {}),
    }
    const id = input.id ?? newId(saving.at, saving.random)
    const { visit, photos = [], voices = [] } = input
    attach(saving, { visit, subject: { table: 'finding', id }, photos, voices })
    if (input.id === null) return insertFinding(saving, id, input, said)
    const place = input.place && !hasPlace(saving, input.id) ? placeCells(input.place) : {}
    update(saving, 'finding', input.id, { ...said, ...place })
    return input.id
  })
}

function insertFinding(saving: Saving, id: Id, input: FindingInput, said: Cells): Id {
  put(saving, 'finding', id, {
    visit_id: idBytes(input.visit),
    ...said,
    inspector_id: idBytes(saving.identity.inspector),
    recorded_at: saving.at,
    ...(input.place ? placeCells(input.place) : {}),
  })
  return id
}

/** A finding that does not hold any more. It stays in the records, with the reason. */
export function withdrawFinding(store: Store, finding: Id, reason: string): Saved<Id> {
  const why = clean(reason)
  if (why === '') throw new MissingError('reason')
  return capture(store, (saving) => {
    update(saving, 'finding', finding, { withdrawn_at: saving.at, withdrawn_reason: why })
    return finding
  })
}

/** A remark on a finding, signed by the inspector of this device. */
export function addComment(store: Store, finding: Id, body: string): Saved<Id> {
  const words = clean(body)
  if (words === '') throw new MissingError('body')
  return capture(store, (saving) => {
    dropForm(saving.database, formOf.comment(finding))
    const id = newId(saving.at, saving.random)
    put(saving, 'comment', id, {
      finding_id: idBytes(finding),
      inspector_id: idBytes(saving.identity.inspector),
      author: saving.identity.inspectorName,
      body: words,
      written_at: saving.at,
    })
    return id
  })
}

function hasPlace(saving: Saving, finding: Id): boolean {
  const row = saving.database.row('SELECT latitude_e7 FROM finding WHERE id = ?', idBytes(finding))
  return row !== undefined && maybeInteger(row, 'latitude_e7') !== null
}
