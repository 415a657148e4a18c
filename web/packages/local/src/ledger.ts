/** What the screens read of rectification ledgers: what was promised, and what was claimed since. */
import { idBytes, type Id } from '@sansuiji/protocol'

import type { Database, Row } from './database'
import { id, integer, maybeInteger, maybeText, text } from './row'
import type { EvidenceView, LedgerActView, LedgerEntryView, LedgerStepView } from './views'

const ledgerList = `
  SELECT l.* FROM ledger_entry l JOIN problem p ON p.id = l.problem_id
  WHERE p.unit_id = ? ORDER BY l.due_at IS NULL, l.due_at, l.id`

/** The ledger entries of a unit's problems, the first that is due first. */
export function ledgerEntries(database: Database, unit: Uint8Array): readonly LedgerEntryView[] {
  return database.rows(ledgerList, unit).map((row) => ({
    id: id(row, 'id'),
    problem: id(row, 'problem_id'),
    measure: maybeText(row, 'measure'),
    goal: maybeText(row, 'goal'),
    responsibleUnit: maybeText(row, 'responsible_unit'),
    responsibleLeader: maybeText(row, 'responsible_leader'),
    responsiblePerson: maybeText(row, 'responsible_person'),
    dueAt: maybeInteger(row, 'due_at'),
    progress: maybeText(row, 'progress'),
    state: text(row, 'state'),
    reopened: maybeInteger(row, 'reopened') ?? 0,
    steps: steps(database, id(row, 'id')),
    acts: acts(database, id(row, 'id')),
  }))
}

const stepList = `
  SELECT * FROM ledger_step
  WHERE ledger_entry_id = ? AND withdrawn_at IS NULL ORDER BY position, id`

function steps(database: Database, entry: Id): readonly LedgerStepView[] {
  return database.rows(stepList, idBytes(entry)).map((row) => ({
    id: id(row, 'id'),
    text: text(row, 'text'),
    dueAt: maybeInteger(row, 'due_at'),
    doneAt: maybeInteger(row, 'done_at'),
  }))
}

const actList = 'SELECT * FROM ledger_act WHERE ledger_entry_id = ? ORDER BY done_at, id'

function acts(database: Database, entry: Id): readonly LedgerActView[] {
  return database.rows(actList, idBytes(entry)).map((row) => ({
    id: id(row, 'id'),
    kind: text(row, 'kind'),
    text: maybeText(row, 'text'),
    author: text(row, 'author'),
    doneAt: integer(row, 'done_at'),
    evidence: database.rows(evidenceList, idBytes(id(row, 'id'))).map(evidence),
  }))
}

const evidenceList = 'SELECT * FROM evidence WHERE ledger_act_id = ? ORDER BY id'

function evidence(row: Row): EvidenceView {
  return { id: id(row, 'id'), name: text(row, 'name'), caption: maybeText(row, 'caption') }
}
