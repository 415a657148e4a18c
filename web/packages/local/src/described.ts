/** Says in people's terms what the entries of the outbox are about. */
import { columnNames, idOf, parseEntry, tableOf, type Id } from '@sansuiji/protocol'

import { changedKeys, readChanges, type Change } from './changeset'
import type { Database, Row } from './database'
import {
  disputedEntries,
  entriesIn,
  entryAt,
  newestMerged,
  waitingSeqs,
  type EntryState,
  type OutboxEntry,
} from './outbox'
import { maybeText } from './row'
import type { Described, EntryView, WrittenCell } from './views'

/** Waiting entries looked at for marks in lists; beyond it rows are shown without. */
const marksMax = 5_000

/** The rows of each entry, read once: entries never change. */
const rowsRead = new WeakMap<Database, Map<number, readonly Id[]>>()

/** The ids of rows with changes headquarters has not acknowledged. */
export function unsentRows(database: Database): ReadonlySet<Id> {
  const read = rowsRead.get(database) ?? new Map<number, readonly Id[]>()
  rowsRead.set(database, read)
  const ids = new Set<Id>()
  for (const seq of waitingSeqs(database, marksMax)) {
    const rows = read.get(seq) ?? rowsOf(database, seq)
    read.set(seq, rows)
    for (const row of rows) ids.add(row)
  }
  return ids
}

function rowsOf(database: Database, seq: number): readonly Id[] {
  const { changeset } = parseEntry(entryAt(database, seq))
  return changedKeys(database, changeset).map(idOf)
}

/** Entries in some states, oldest first, with what each is about. */
export function describeEntries(
  database: Database,
  states: readonly EntryState[],
  limit: number,
): readonly EntryView[] {
  return entriesIn(database, states, limit).map((entry) => describeEntry(database, entry))
}

/** Entries in conflicts that headquarters has not settled, oldest first. */
export function describeDisputed(database: Database, limit: number): readonly EntryView[] {
  return disputedEntries(database, limit).map((entry) => describeEntry(database, entry))
}

/** The newest entries that headquarters has merged, newest first, with what each is about. */
export function describeMerged(database: Database, limit: number): readonly EntryView[] {
  return newestMerged(database, limit).map((entry) => describeEntry(database, entry))
}

function describeEntry(database: Database, { entry, ...rest }: OutboxEntry): EntryView {
  const { seq, savedAt, state, stage, reason } = rest
  const changes = changesIn(database, entry).map((change) => ({
    ...describe(database, change),
    written: state === 'quarantined' ? writtenIn(change) : [],
  }))
  return { seq, savedAt, state, stage, reason, changes }
}

/** What a change wrote into columns of text: what a person typed and chose. */
function writtenIn({ table, values }: Change): readonly WrittenCell[] {
  const columns = tableOf(table)?.columns ?? []
  return columns.flatMap(({ name, type, rule }, i) => {
    const value = values[i + 1]
    return type === 'text' && rule !== 'hq' && typeof value === 'string' && value !== ''
      ? [{ column: name, value }]
      : []
  })
}

function changesIn(database: Database, entry: Uint8Array): readonly Change[] {
  return readChanges(database, parseEntry(entry).changeset)
}

/** For each table people write: the words for a row and the unit it belongs to. */
const wordsOf: Readonly<Record<string, string>> = {
  visit: `
    SELECT u.name AS title, u.name AS unit
    FROM visit v JOIN unit u ON u.id = v.unit_id WHERE v.id = ?`,
  verification: `
    SELECT COALESCE(p.title, c.title) AS title, u.name AS unit
    FROM verification f
      LEFT JOIN problem p ON p.id = f.problem_id
      LEFT JOIN commitment c ON c.id = f.commitment_id
      LEFT JOIN visit v ON v.id = f.visit_id LEFT JOIN unit u ON u.id = v.unit_id
    WHERE f.id = ?`,
  finding: `
    SELECT f.title, u.name AS unit
    FROM finding f
      LEFT JOIN visit v ON v.id = f.visit_id LEFT JOIN unit u ON u.id = v.unit_id
    WHERE f.id = ?`,
  comment: `
    SELECT c.body AS title, u.name AS unit
    FROM comment c
      LEFT JOIN finding f ON f.id = c.finding_id
      LEFT JOIN visit v ON v.id = f.visit_id LEFT JOIN unit u ON u.id = v.unit_id
    WHERE c.id = ?`,
  roster: `
    SELECT u.name AS title, u.name AS unit
    FROM roster r JOIN unit u ON u.id = r.unit_id WHERE r.id = ?`,
  roster_person: `
    SELECT TRIM(p.key || ' ' || COALESCE(p.name, '')) AS title, u.name AS unit
    FROM roster_person p
      LEFT JOIN roster r ON r.id = p.roster_id LEFT JOIN unit u ON u.id = r.unit_id
    WHERE p.id = ?`,
  opening: `
    SELECT o.code AS title, u.name AS unit
    FROM opening o LEFT JOIN roster r ON r.id = o.roster_id LEFT JOIN unit u ON u.id = r.unit_id
    WHERE o.id = ?`,
  household: ofOpening('household'),
  contact: ofOpening('contact'),
  attachment: `
    SELECT COALESCE(a.caption, u.name) AS title, u.name AS unit
    FROM attachment a
      LEFT JOIN visit v ON v.id = a.visit_id LEFT JOIN unit u ON u.id = v.unit_id
    WHERE a.id = ?`,
  answer: `
    SELECT q.text AS title, u.name AS unit
    FROM answer a
      LEFT JOIN question q ON q.id = a.question_id
      LEFT JOIN visit v ON v.id = a.visit_id LEFT JOIN unit u ON u.id = v.unit_id
    WHERE a.id = ?`,
  signoff: `
    SELECT u.name AS title, u.name AS unit
    FROM signoff s
      LEFT JOIN visit v ON v.id = s.visit_id LEFT JOIN unit u ON u.id = v.unit_id
    WHERE s.id = ?`,
  mirror: `SELECT COALESCE(site, '') AS title, NULL AS unit FROM mirror WHERE id = ?`,
  interview: `
    SELECT t.code AS title, u.name AS unit
    FROM interview t
      LEFT JOIN visit v ON v.id = t.visit_id LEFT JOIN unit u ON u.id = v.unit_id
    WHERE t.id = ?`,
  interview_score: `
    SELECT t.code || ' ' || COALESCE(q.code, '') AS title, u.name AS unit
    FROM interview_score s
      JOIN interview t ON t.id = s.interview_id LEFT JOIN question q ON q.id = s.question_id
      LEFT JOIN visit v ON v.id = t.visit_id LEFT JOIN unit u ON u.id = v.unit_id
    WHERE s.id = ?`,
}

/** Rows of an opening that are about one person, or door. */
function ofOpening(table: string): string {
  return `
    SELECT TRIM(c.key || ' ' || COALESCE(p.name, '')) AS title, u.name AS unit
    FROM ${table} c
      LEFT JOIN opening o ON o.id = c.opening_id
      LEFT JOIN roster r ON r.id = o.roster_id LEFT JOIN unit u ON u.id = r.unit_id
      LEFT JOIN roster_person p ON p.roster_id = o.roster_id AND p.key = c.key
    WHERE c.id = ?`
}

function describe(database: Database, change: Change): Omit<Described, 'written'> {
  const { table, operation, key } = change
  const query = wordsOf[table]
  const row = query === undefined ? undefined : wordsFor(database, query, change)
  const title = row ? maybeText(row, 'title') : null
  const unit = row ? maybeText(row, 'unit') : null
  return { table, operation, rowId: idOf(key), title, unit }
}

/**
 * The words for a row: as it is now, or as the entry has it that brought it, where it is in the
 * tables no more. What is in quarantine is not, and people want to know what it was.
 */
function wordsFor(database: Database, query: string, change: Change): Row | undefined {
  const { table, operation, key, values } = change
  const now = database.row(query, key)
  const synced = tableOf(table)
  if (now || operation !== 'insert' || !synced) return now
  const cells = values.map((value) => value ?? null)
  // Under the table's own name, so that it is what the query reads.
  const brought = `WITH ${table}(${columnNames(synced).join()}) AS (VALUES (${cells.map(() => '?').join()}))`
  return database.row(`${brought} ${query}`, ...cells, key)
}
