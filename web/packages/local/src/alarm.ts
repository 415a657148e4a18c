/** What a person is told of headquarters' history: alarms and notices. */
import {
  commonSize,
  openCheckpoint,
  readCheckpoint,
  type Checkpoint,
  type Verdict,
} from '@sansuiji/protocol'

import { keepCheckpoint, keptCheckpoints, logKnown, type KeptCheckpoint } from './checkpoint'
import type { Contact } from './contact'
import type { Database } from './database'
import { offerAgain } from './outbox'
import { getNumber, getText, remove, set } from './state'
import type { AlarmView, NoticeView, ShownCheckpoint, WarningsView } from './views'

/** Syncs in a row that may prove nothing before that is an alarm: once may be a fault of the line. */
const doubtsMax = 3

type AlarmKind = Extract<Verdict, 'rolled-back' | 'forked' | 'unverifiable'>

/** Headquarters' history was not continued. It stays until a person clears it, and is the evidence. */
interface Alarm {
  /** Unix milliseconds. */
  readonly at: number
  readonly kind: AlarmKind
  /** The newest checkpoint that was held, signed; '' for none. */
  readonly held: string
  readonly held_at?: number
  /** The answer's. */
  readonly fresh: string
}

/** What raised an alarm. */
export interface Evidence {
  readonly at: number
  readonly newest: KeptCheckpoint | undefined
  readonly fresh: string
}

/** Counts an answer that proves nothing, once in a sync. */
export function doubt(contact: Contact, evidence: Evidence): void {
  const { database } = contact.store
  if (contact.round.doubted) return
  contact.round.doubted = true
  const doubts = Math.min(getNumber(database, 'doubts') + 1, doubtsMax)
  set(database, 'doubts', doubts)
  if (doubts === doubtsMax) raiseAlarm(database, { ...evidence, kind: 'unverifiable' })
}

/**
 * Keeps the first reason for an alarm; proof that headquarters went back takes the
 * place of a mere lack of proof.
 */
export function raiseAlarm(
  database: Database,
  { at, kind, newest, fresh }: Evidence & { readonly kind: AlarmKind },
): void {
  const before = alarmOf(database)
  const worse = before?.kind === 'unverifiable' && kind !== 'unverifiable'
  if (before && !worse) return
  const held = newest ? { held: newest.signed, held_at: newest.receivedAt } : { held: '' }
  set(database, 'alarm', JSON.stringify({ at, kind, ...held, fresh } satisfies Alarm))
}

/**
 * Takes nothing for acknowledged any more that was so by a history which is not
 * continued: all entries are sent again, with the checkpoint that tells headquarters
 * of its loss, and all rows are pulled anew. Once for each checkpoint held:
 * headquarters that goes on in spite of it is a matter for people. True if it did.
 */
export function distrust(database: Database, newest: KeptCheckpoint | undefined): boolean {
  if (!newest || getText(database, 'distrusted') === newest.signed) return false
  offerAgain(database)
  remove(database, 'schema')
  set(database, 'distrusted', newest.signed)
  return true
}

/** Keeps the newest notice that headquarters was restored. */
export function noteRestored(
  database: Database,
  at: number,
  newest: KeptCheckpoint | undefined,
  fresh: Checkpoint,
): void {
  const held = newest?.checkpoint
  const position = held ? commonSize(fresh, held) : fresh.began
  const lost = Math.max(0, (held?.size ?? 0) - position)
  const notice: NoticeView = { at, position, lost, epoch: fresh.epoch }
  set(database, 'notice', JSON.stringify(notice))
}

/** What a person should know. */
export function warnings(database: Database): WarningsView {
  const alarm = alarmOf(database)
  return { alarm: alarm && alarmView(alarm), notice: noticeOf(database) }
}

function alarmView({ at, kind, held, held_at: heldAt, fresh }: Alarm): AlarmView {
  return { at, kind, held: shown(held), heldAt: heldAt ?? null, fresh: shown(fresh) }
}

function shown(signed: string): ShownCheckpoint | null {
  try {
    const { size, epoch, began, revision } = readCheckpoint(signed)
    return { size, epoch, began, revision }
  } catch {
    return null
  }
}

/**
 * Takes headquarters' history as it is now, after a person has looked into the
 * alarm. Unless one that continues what was held has come since, later checkpoints
 * must continue the one that raised it.
 */
export function acknowledgeAlarm(database: Database): void {
  database.transaction(() => {
    const alarm = alarmOf(database)
    if (alarm === null) return
    takeAlarmed(database, alarm)
    set(database, 'alarm_acknowledged', JSON.stringify(alarm))
    remove(database, 'alarm')
    remove(database, 'doubts')
  })
}

function takeAlarmed(database: Database, alarm: Alarm): void {
  const log = logKnown(database)
  const newest = keptCheckpoints(database).at(-1)
  if (!log || (newest && newest.signed !== alarm.held)) return
  let checkpoint: Checkpoint
  try {
    checkpoint = openCheckpoint(alarm.fresh, log.campaign, log.key)
  } catch {
    return // it is no checkpoint at all
  }
  database.run('DELETE FROM checkpoint')
  keepCheckpoint(database, [], { signed: alarm.fresh, receivedAt: alarm.at, checkpoint })
}

/** Forgets that headquarters was restored, once a person knows it. */
export function acknowledgeNotice(database: Database): void {
  remove(database, 'notice')
}

/** Whether a person still has to look at an alarm. */
export function hasAlarm(database: Database): boolean {
  return alarmOf(database) !== null
}

function alarmOf(database: Database): Alarm | null {
  const text = getText(database, 'alarm')
  return text === null ? null : (JSON.parse(text) as Alarm)
}

function noticeOf(database: Database): NoticeView | null {
  const text = getText(database, 'notice')
  return text === null ? null : (JSON.parse(text) as NoticeView)
}
