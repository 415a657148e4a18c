/** What screens are given of interviews. Times are Unix milliseconds. */
import { idBytes, type Id } from '@sansuiji/protocol'

import type { Database, Row } from './database'
import { unsentRows } from './described'
import { listed } from './rosterRows'
import { id, integer, maybeInteger, maybeText, text } from './row'
import type { Recipients } from './seal'
import { siteOf } from './site'
import { openDraft, type TalkStore } from './talk'
import { draftIds, type Agreed, type Draft, type TalkForm } from './talkDraft'
import { marksHeld } from './talkMarks'
import { talkQuestions, type TalkQuestion } from './talkQuestions'
import { campaignRecipients } from './talkRows'
import { soundSize } from './talkSound'

/** The interviews of a visit. */
export interface TalksView {
  readonly unit: string
  /** Whether headquarters has said to whom is sealed. */
  readonly sealing: Recipients['kind']
  /** How many keys open what is sealed. */
  readonly keys: number
  readonly questions: number
  /** Of them, marks that stay readable. */
  readonly readable: number
  /** Interviews whose marks wait until there are enough of them. */
  readonly held: number
  /** Under way on this device, oldest first. */
  readonly open: readonly OpenTalkView[]
  /** Over, newest first, those of other phones too. */
  readonly list: readonly TalkSummary[]
}

/** An interview under way. */
export interface OpenTalkView {
  readonly id: Id
  /** Nothing where the draft cannot be read: it can only be thrown away. */
  readonly draft: OpenFacts | null
}

/** What is known of an interview under way. */
export interface OpenFacts {
  readonly code: string
  readonly key: string | null
  /** On the roster. */
  readonly person: string
  readonly consentAt: number
  readonly answered: number
}

/** An interview that is over: nobody reads here what was said. */
export interface TalkSummary {
  readonly id: Id
  readonly code: string
  readonly drawn: boolean
  readonly consent: string
  readonly consentAt: number
  readonly endedAt: number | null
  readonly sealed: boolean
  readonly inspector: string | null
  readonly withdrawnAt: number | null
  readonly withdrawnReason: string | null
  readonly unsent: boolean
}

/** An interview under way, to go on with. */
export interface TalkView {
  readonly id: Id
  readonly visit: Id
  readonly unit: string
  readonly code: string
  readonly key: string | null
  readonly person: string
  readonly consent: Agreed
  readonly consentAt: number
  readonly questions: readonly TalkQuestion[]
  readonly form: TalkForm
  /** Of encrypted sound. */
  readonly soundBytes: number
}

/** The interviews of a visit; null when the device does not hold it. */
export async function talks(store: TalkStore, visit: Id): Promise<TalksView | null> {
  const { database } = store
  const unit = unitName(database, visit)
  if (unit === null) return null
  const recipients = campaignRecipients(database)
  const questions = talkQuestions(database, visit)
  return {
    unit,
    sealing: recipients.kind,
    keys: recipients.kind === 'ready' ? recipients.list.length : 0,
    questions: questions.length,
    readable: questions.filter(({ readable }) => readable).length,
    held: await marksHeld(store.files, visit),
    open: await openTalks(store, visit),
    list: summaries(database, visit),
  }
}

/** Those whose draft cannot be read are shown at every visit, to be thrown away at one. */
async function openTalks(store: TalkStore, visit: Id): Promise<readonly OpenTalkView[]> {
  const views: OpenTalkView[] = []
  for (const id of draftIds(store.database)) {
    const draft = await openDraft(store, id).then(
      (opened) => opened.draft,
      () => null,
    )
    if (draft === null) views.push({ id, draft })
    else if (draft.visit === visit) views.push({ id, draft: factsOf(store.database, draft) })
  }
  return views
}

function factsOf(database: Database, draft: Draft): OpenFacts {
  const { code, key, consentAt } = draft
  const answered = Object.values(draft.form.answers).filter((one) => one !== null).length
  return { code, key, person: personName(database, draft), consentAt, answered }
}

function personName(database: Database, { visit, key }: Draft): string {
  const site = key === null ? undefined : siteOf(database, visit)
  return (site && listed(database, site.roster).find((one) => one.key === key)?.name) ?? ''
}

function unitName(database: Database, visit: Id): string | null {
  const sql = 'SELECT u.name FROM visit v LEFT JOIN unit u ON u.id = v.unit_id WHERE v.id = ?'
  const row = database.row(sql, idBytes(visit))
  return row ? (maybeText(row, 'name') ?? '') : null
}

const talkList = `
  SELECT t.*, i.name AS inspector
  FROM interview t LEFT JOIN inspector i ON i.id = t.inspector_id
  WHERE t.visit_id = ? ORDER BY t.consent_at DESC, t.id DESC`

function summaries(database: Database, visit: Id): readonly TalkSummary[] {
  const unsent = unsentRows(database)
  return database.rows(talkList, idBytes(visit)).map((row) => summary(row, unsent))
}

function summary(row: Row, unsent: ReadonlySet<Id>): TalkSummary {
  return {
    id: id(row, 'id'),
    code: text(row, 'code'),
    drawn: integer(row, 'drawn') === 1,
    consent: text(row, 'consent'),
    consentAt: integer(row, 'consent_at'),
    endedAt: maybeInteger(row, 'ended_at'),
    sealed: row['sealed'] !== null,
    inspector: maybeText(row, 'inspector'),
    withdrawnAt: maybeInteger(row, 'withdrawn_at'),
    withdrawnReason: maybeText(row, 'withdrawn_reason'),
    unsent: unsent.has(id(row, 'id')),
  }
}

/** One interview under way. */
export async function talk(store: TalkStore, id: Id): Promise<TalkView> {
  const { database, files } = store
  const { draft } = await openDraft(store, id)
  const { visit, code, key, consent, consentAt, form } = draft
  return {
    ...{ id, visit, code, key, consent, consentAt, form },
    unit: unitName(database, visit) ?? '',
    person: personName(database, draft),
    questions: talkQuestions(database, visit),
    soundBytes: await soundSize(files, id),
  }
}
