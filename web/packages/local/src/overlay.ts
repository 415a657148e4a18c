/**
 * Puts what was saved and not yet merged at headquarters on top of rows that were
 * just pulled, cell by cell, so that a pull never overwrites an unsent edit.
 */
import { columnNames, parseEntry, tableOf, type Table } from '@sansuiji/protocol'

import { readChanges, type Change } from './changeset'
import type { Database, Value } from './database'
import { entriesIn } from './outbox'

/** Entries looked at in one go; more than a team saves in weeks without network. */
const entriesMax = 100_000

/** Re-applies waiting and held entries, oldest first. Call it in the pull's transaction. */
export function overlay(database: Database): void {
  for (const { entry } of entriesIn(database, ['waiting', 'held'], entriesMax)) {
    for (const change of readChanges(database, parseEntry(entry).changeset)) {
      const table = tableOf(change.table)
      if (table) applyChange(database, table, change)
    }
  }
}

function applyChange(database: Database, table: Table, change: Change): void {
  switch (change.operation) {
    case 'insert':
      insert(database, table, change)
      return
    case 'update':
      update(database, table, change)
      return
    case 'delete':
      // People withdraw rows and never delete them, so there is none of these.
      return
  }
}

interface Cell {
  readonly name: string
  readonly value: Value
}

/** The cells a change wrote, the key aside. */
function cellsOf(table: Table, change: Change): readonly Cell[] {
  return columnNames(table)
    .map((name, i) => ({ name, value: change.values[i] }))
    .filter((cell, i): cell is Cell => i > 0 && cell.value !== undefined)
}

/**
 * A row that somebody else has made too keeps its own cells where ours are empty
 * or headquarters' to write.
 */
function insert(database: Database, table: Table, change: Change): void {
  const cells = cellsOf(table, change)
  const names = cells.map((cell) => cell.name)
  const ours = table.columns.filter((column) => column.rule !== 'hq').map((column) => column.name)
  const sets = names
    .filter((name) => ours.includes(name))
    .map((name) => `${name} = COALESCE(excluded.${name}, ${table.name}.${name})`)
  database.run(
    `INSERT INTO ${table.name} (id, ${names.join(', ')})
     VALUES (?, ${names.map(() => '?').join(', ')})
     ON CONFLICT (id) DO ${sets.length > 0 ? `UPDATE SET ${sets.join(', ')}` : 'NOTHING'}`,
    change.key,
    ...cells.map((cell) => cell.value),
  )
}

function update(database: Database, table: Table, change: Change): void {
  const cells = cellsOf(table, change)
  if (cells.length === 0) return
  const sets = cells.map((cell) => `${cell.name} = ?`).join(', ')
  const values = cells.map((cell) => cell.value)
  database.run(`UPDATE ${table.name} SET ${sets} WHERE id = ?`, ...values, change.key)
}
