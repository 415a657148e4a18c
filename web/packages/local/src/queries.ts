/** What the screens read. */
import { idBytes, type Id } from '@sansuiji/protocol'

import type { Database, Row } from './database'
import { unsentRows } from './described'
import { ledgerEntries } from './ledger'
import { peopleSummary } from './people'
import { bytes, id, maybeId, maybeInteger, maybeText, text } from './row'
import { oneVisit, visitSummary } from './visitList'
import type {
  CommentView,
  CommitmentView,
  FindingSummary,
  FindingView,
  ProblemView,
  VerificationView,
  VisitView,
} from './views'

/** One visit with all that is checked in it; null when the device does not hold it. */
export function visit(database: Database, visitId: Id): VisitView | null {
  const row = database.row(oneVisit, idBytes(visitId))
  if (!row) return null
  const unit = bytes(row, 'unit_id')
  const unsent = unsentRows(database)
  const checked = verifications(database, visitId, unsent)
  const ledger = ledgerEntries(database, unit)
  const problems = database.rows(
    'SELECT * FROM problem WHERE unit_id = ? ORDER BY number IS NULL, number, id',
    unit,
  )
  const commitments = database.rows(
    'SELECT * FROM commitment WHERE unit_id = ? ORDER BY number IS NULL, number, id',
    unit,
  )
  return {
    ...visitSummary(row),
    note: maybeText(row, 'note') ?? '',
    secretary: maybeText(row, 'secretary'),
    members: maybeInteger(row, 'members'),
    problemList: problems.map((problem) => ({
      ...problemView(problem),
      ledger: ledger.filter((entry) => entry.problem === id(problem, 'id')),
      verification: checked.get(id(problem, 'id')) ?? null,
    })),
    commitmentList: commitments.map((commitment) => ({
      ...commitmentView(commitment),
      verification: checked.get(id(commitment, 'id')) ?? null,
    })),
    findingList: findings(database, visitId, unsent),
    people: peopleSummary(database, visitId),
  }
}

const oneFinding = `
  SELECT f.*, i.name AS inspector, p.title AS problem, u.name AS unit
  FROM finding f
    LEFT JOIN inspector i ON i.id = f.inspector_id
    LEFT JOIN problem p ON p.id = f.problem_id
    LEFT JOIN visit v ON v.id = f.visit_id
    LEFT JOIN unit u ON u.id = v.unit_id
  WHERE f.id = ?`

const commentList = `
  SELECT c.id, c.author, c.body, c.written_at, i.name AS inspector
  FROM comment c LEFT JOIN inspector i ON i.id = c.inspector_id
  WHERE c.finding_id = ? AND c.withdrawn_at IS NULL ORDER BY c.written_at, c.id`

/** One finding with its comments; null when the device does not hold it. */
export function finding(database: Database, findingId: Id): FindingView | null {
  const row = database.row(oneFinding, idBytes(findingId))
  if (!row) return null
  return {
    ...findingSummary(row, unsentRows(database)),
    unit: maybeText(row, 'unit'),
    detail: maybeText(row, 'detail') ?? '',
    topic: maybeText(row, 'topic'),
    responsibleUnit: maybeText(row, 'responsible_unit'),
    dueAt: maybeInteger(row, 'due_at'),
    latitudeE7: maybeInteger(row, 'latitude_e7'),
    longitudeE7: maybeInteger(row, 'longitude_e7'),
    accuracyM: maybeInteger(row, 'accuracy_m'),
    withdrawnReason: maybeText(row, 'withdrawn_reason'),
    comments: database.rows(commentList, idBytes(findingId)).map(commentView),
  }
}

const verificationList = `
  SELECT f.*, i.name AS inspector
  FROM verification f LEFT JOIN inspector i ON i.id = f.inspector_id WHERE f.visit_id = ?`

/** The verifications of a visit by the id of the problem or commitment. */
function verifications(
  database: Database,
  visitId: Id,
  unsent: ReadonlySet<Id>,
): ReadonlyMap<Id, VerificationView> {
  const bySubject = new Map<Id, VerificationView>()
  for (const row of database.rows(verificationList, idBytes(visitId))) {
    const subject = maybeId(row, 'problem_id') ?? maybeId(row, 'commitment_id')
    if (subject === null) continue
    bySubject.set(subject, {
      id: id(row, 'id'),
      outcome: maybeText(row, 'outcome'),
      note: maybeText(row, 'note') ?? '',
      inspector: maybeText(row, 'inspector'),
      verifiedAt: maybeInteger(row, 'verified_at'),
      unsent: unsent.has(id(row, 'id')),
    })
  }
  return bySubject
}

function problemView(row: Row): Omit<ProblemView, 'ledger' | 'verification'> {
  return {
    id: id(row, 'id'),
    number: maybeInteger(row, 'number'),
    title: text(row, 'title'),
    detail: maybeText(row, 'detail'),
    source: maybeText(row, 'source'),
    reach: maybeText(row, 'reach'),
    severity: maybeText(row, 'severity'),
  }
}

function commitmentView(row: Row): Omit<CommitmentView, 'verification'> {
  return {
    id: id(row, 'id'),
    number: maybeInteger(row, 'number'),
    title: text(row, 'title'),
    goal: maybeText(row, 'goal'),
    dueAt: maybeInteger(row, 'due_at'),
    progress: maybeText(row, 'progress'),
  }
}

const findingList = `
  SELECT f.*, i.name AS inspector, p.title AS problem
  FROM finding f
    LEFT JOIN inspector i ON i.id = f.inspector_id
    LEFT JOIN problem p ON p.id = f.problem_id
  WHERE f.visit_id = ? ORDER BY f.withdrawn_at IS NOT NULL, f.recorded_at DESC, f.id DESC`

function findings(
  database: Database,
  visitId: Id,
  unsent: ReadonlySet<Id>,
): readonly FindingSummary[] {
  return database.rows(findingList, idBytes(visitId)).map((row) => findingSummary(row, unsent))
}

function findingSummary(row: Row, unsent: ReadonlySet<Id>): FindingSummary {
  return {
    id: id(row, 'id'),
    visitId: id(row, 'visit_id'),
    kind: text(row, 'kind'),
    title: text(row, 'title'),
    severity: maybeText(row, 'severity'),
    status: text(row, 'status'),
    problemId: maybeId(row, 'problem_id'),
    problem: maybeText(row, 'problem'),
    inspector: maybeText(row, 'inspector'),
    recordedAt: maybeInteger(row, 'recorded_at'),
    withdrawnAt: maybeInteger(row, 'withdrawn_at'),
    reviewState: text(row, 'review_state'),
    reviewNote: maybeText(row, 'review_note'),
    unsent: unsent.has(id(row, 'id')),
  }
}

function commentView(row: Row): CommentView {
  return {
    id: id(row, 'id'),
    author: maybeText(row, 'inspector') ?? maybeText(row, 'author') ?? '',
    body: text(row, 'body'),
    writtenAt: maybeInteger(row, 'written_at'),
  }
}
