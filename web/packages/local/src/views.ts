/** The shapes screens are given. Codes are those of the catalogue; times are Unix milliseconds. */
import type { Id } from '@sansuiji/protocol'

import type { EntryState, Stage } from './outbox'
import type { PeopleSummary } from './peopleViews'
import type { SyncResult } from './sync'

/** A visit in the list. */
export interface VisitSummary {
  readonly id: Id
  readonly sequence: number | null
  readonly status: string
  readonly plannedAt: number | null
  readonly arrivedAt: number | null
  readonly leftAt: number | null
  readonly team: string | null
  /** Of the unit: code, name and where it is. */
  readonly code: string
  readonly name: string
  readonly category: string | null
  readonly county: string
  readonly township: string
  /** Of the unit, WGS 84 degrees times ten million. */
  readonly latitudeE7: number | null
  readonly longitudeE7: number | null
  /** Of the unit, to be called. */
  readonly phone: string | null
  readonly problems: number
  readonly verified: number
  readonly findings: number
  /** Findings headquarters sent back. */
  readonly returned: number
}

/** A visit with all that is checked in it. */
export interface VisitView extends VisitSummary {
  readonly note: string
  readonly secretary: string | null
  readonly members: number | null
  readonly problemList: readonly ProblemView[]
  readonly commitmentList: readonly CommitmentView[]
  readonly findingList: readonly FindingSummary[]
  /** Null where no people are drawn. */
  readonly people: PeopleSummary | null
}

/** A problem of the unit's list. */
export interface ProblemView {
  readonly id: Id
  readonly number: number | null
  readonly title: string
  readonly detail: string | null
  readonly source: string | null
  readonly reach: string | null
  readonly severity: string | null
  readonly ledger: readonly LedgerEntryView[]
  readonly verification: VerificationView | null
}

/** How a problem is to be fixed. */
export interface LedgerEntryView {
  readonly id: Id
  readonly problem: Id
  readonly measure: string | null
  readonly goal: string | null
  readonly responsibleUnit: string | null
  readonly responsibleLeader: string | null
  readonly responsiblePerson: string | null
  readonly dueAt: number | null
  readonly progress: string | null
  readonly state: string
  /** How often it was closed out and opened again. */
  readonly reopened: number
  /** What was to be done for it, in order. */
  readonly steps: readonly LedgerStepView[]
  /** What was done about it, oldest first. */
  readonly acts: readonly LedgerActView[]
}

/** A step of a ledger entry. */
export interface LedgerStepView {
  readonly id: Id
  readonly text: string
  readonly dueAt: number | null
  readonly doneAt: number | null
}

/** What somebody did about a ledger entry. */
export interface LedgerActView {
  readonly id: Id
  readonly kind: string
  readonly text: string | null
  readonly author: string
  readonly doneAt: number
  readonly evidence: readonly EvidenceView[]
}

/** What was shown for it. */
export interface EvidenceView {
  readonly id: Id
  readonly name: string
  readonly caption: string | null
}

/** A project the unit's secretary promised. */
export interface CommitmentView {
  readonly id: Id
  readonly number: number | null
  readonly title: string
  readonly goal: string | null
  readonly dueAt: number | null
  readonly progress: string | null
  readonly verification: VerificationView | null
}

/** What was seen about a problem or commitment. */
export interface VerificationView {
  readonly id: Id
  readonly outcome: string | null
  readonly note: string
  readonly inspector: string | null
  readonly verifiedAt: number | null
  /** Changed here and not yet acknowledged by headquarters. */
  readonly unsent: boolean
}

/** A finding in a list. */
export interface FindingSummary {
  readonly id: Id
  readonly visitId: Id
  readonly kind: string
  readonly title: string
  readonly severity: string | null
  readonly status: string
  readonly problemId: Id | null
  readonly problem: string | null
  readonly inspector: string | null
  readonly recordedAt: number | null
  readonly withdrawnAt: number | null
  readonly reviewState: string
  readonly reviewNote: string | null
  readonly unsent: boolean
}

/** A finding with all that is known of it. */
export interface FindingView extends FindingSummary {
  readonly unit: string | null
  readonly detail: string
  readonly topic: string | null
  readonly responsibleUnit: string | null
  readonly dueAt: number | null
  readonly latitudeE7: number | null
  readonly longitudeE7: number | null
  readonly accuracyM: number | null
  readonly withdrawnReason: string | null
  readonly comments: readonly CommentView[]
}

/** A remark on a finding. */
export interface CommentView {
  readonly id: Id
  readonly author: string
  readonly body: string
  readonly writtenAt: number | null
}

/** What one change of an entry is about, for people. */
export interface Described {
  readonly table: string
  readonly operation: 'insert' | 'update' | 'delete'
  readonly rowId: Id
  /** The finding's or problem's title, the comment's text; null when the row is not here. */
  readonly title: string | null
  readonly unit: string | null
  /** What was written into the columns of text, of an entry whose rows are nowhere else; else nothing. */
  readonly written: readonly WrittenCell[]
}

/** A text that an entry wrote. */
export interface WrittenCell {
  readonly column: string
  readonly value: string
}

/** An entry of the outbox, for people. */
export interface EntryView {
  readonly seq: number
  readonly savedAt: number
  readonly state: EntryState
  readonly stage: Stage
  readonly reason: string | null
  readonly changes: readonly Described[]
}

/** A finding that headquarters sent back. */
export interface ReturnedView {
  readonly id: Id
  readonly title: string
  readonly unit: string | null
  /** Headquarters' reason. */
  readonly note: string | null
  readonly inspector: string | null
  /** Changed here since, and not yet acknowledged. */
  readonly unsent: boolean
}

/** Headquarters' newest signed receipt: a checkpoint of its history. */
export interface SignedView {
  /** Entries in the history. */
  readonly size: number
  /** Unix milliseconds. */
  readonly at: number
}

/** How this device stands with headquarters. */
export interface StatusView {
  readonly counts: Readonly<Record<EntryState, number>>
  readonly stages: Readonly<Record<Stage, number>>
  /** The oldest entries that wait, at most a screenful or a few. */
  readonly waiting: readonly EntryView[]
  /** Held and quarantined entries. */
  readonly pending: readonly EntryView[]
  /** Entries in conflicts that headquarters has not settled. */
  readonly disputed: readonly EntryView[]
  readonly returned: readonly ReturnedView[]
  readonly signed: SignedView | null
  /** Unix milliseconds; null where nothing waits. */
  readonly oldestWaitingAt: number | null
  /** The newest merged entries, newest first. */
  readonly merged: readonly EntryView[]
  readonly lastContactAt: number | null
  readonly lastSync: SyncResult | null
  /** How far headquarters' clock is ahead of ours. Milliseconds. */
  readonly serverAheadMs: number
}

/** A checkpoint of headquarters' history, for people who look deeper. */
export interface ShownCheckpoint {
  /** Entries in the history. */
  readonly size: number
  readonly epoch: string
  /** The size when the epoch began. */
  readonly began: number
  readonly revision: number
}

/** Headquarters' history was not continued. */
export interface AlarmView {
  readonly at: number
  readonly kind: 'rolled-back' | 'forked' | 'unverifiable'
  /** The newest that this device held, and since when. */
  readonly held: ShownCheckpoint | null
  readonly heldAt: number | null
  /** What headquarters showed instead; null when it can not even be read. */
  readonly fresh: ShownCheckpoint | null
}

/** Headquarters was restored from a backup, and said so. */
export interface NoticeView {
  readonly at: number
  /** Of the newest entry that it still had. */
  readonly position: number
  /** Entries after it that this device had been shown. */
  readonly lost: number
  readonly epoch: string
}

/** What a person should know of headquarters' history. */
export interface WarningsView {
  readonly alarm: AlarmView | null
  readonly notice: NoticeView | null
}
