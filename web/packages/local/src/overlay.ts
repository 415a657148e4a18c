/**
 * Puts what was saved and not yet merged at headquarters on top of rows that were
 * just pulled, cell by cell, so that a pull never overwrites an unsent edit and the
 * person sees what headquarters will probably make of it.
 *
 * Pulled cells come without their authors and clocks. So this assumes that what was
 * pulled is older than what waits here, and no conflict with it: an edit stands
 * under `latest` and `review`, loses to a further state under `furthest`, and to any
 * value under `once`. If headquarters decides otherwise, the next pull says so.
 */
import {
  parseEntry,
  standing,
  tableOf,
  type CellWrite,
  type Column,
  type Table,
} from '@sansuiji/protocol'

import { readChanges, type Change } from './changeset'
import type { Database, Row, Value } from './database'
import { entriesIn } from './outbox'

/** Entries looked at in one go; more than a team saves in weeks without network. */
const entriesMax = 100_000

/** Re-applies waiting and held entries, oldest first. Call it in the pull's transaction. */
export function overlay(database: Database): void {
  for (const { entry } of entriesIn(database, ['waiting', 'held'], entriesMax)) {
    for (const change of readChanges(database, parseEntry(entry).changeset)) {
      const table = tableOf(change.table)
      // People withdraw rows and never delete them, so there are no deletes.
      if (table && change.operation !== 'delete') applyChange(database, table, change)
    }
  }
}

function applyChange(database: Database, table: Table, change: Change): void {
  const cells = cellsOf(table, change)
  const row = database.row(`SELECT * FROM ${table.name} WHERE id = ?`, change.key)
  if (row) {
    // A row that somebody else has made too keeps its own cells where ours are empty.
    const inserts = change.operation === 'insert'
    settle(database, table, change.key, row, inserts ? cells.filter(isFilled) : cells)
  } else if (change.operation === 'insert') {
    insert(database, table, change.key, cells)
  }
}

interface Cell {
  readonly column: Column
  readonly value: Value
}

/** The cells a change wrote. */
function cellsOf(table: Table, change: Change): readonly Cell[] {
  return table.columns
    .map((column, i) => ({ column, value: change.values[i + 1] }))
    .filter((cell): cell is Cell => cell.value !== undefined)
}

function isFilled(cell: Cell): boolean {
  return cell.value !== null
}

function insert(database: Database, table: Table, key: Value, cells: readonly Cell[]): void {
  const names = cells.map(({ column }) => column.name)
  database.run(
    `INSERT INTO ${table.name} (id, ${names.join(', ')})
     VALUES (?, ${names.map(() => '?').join(', ')})`,
    key,
    ...cells.map((cell) => cell.value),
  )
}

/** Writes the cells in which ours stands. */
function settle(
  database: Database,
  table: Table,
  key: Value,
  row: Row,
  cells: readonly Cell[],
): void {
  const ours = cells.filter(({ column, value }) => stands(column, row[column.name] ?? null, value))
  if (ours.length === 0) return
  const sets = ours.map(({ column }) => `${column.name} = ?`).join(', ')
  const values = ours.map((cell) => cell.value)
  database.run(`UPDATE ${table.name} SET ${sets} WHERE id = ?`, ...values, key)
}

/** Whether what waits here stands over what was pulled. */
function stands(column: Column, pulled: Value, waiting: Value): boolean {
  const common = { knows: new Map<string, number>(), insert: false }
  const theirs: CellWrite = {
    ...common,
    device: 'pulled',
    seq: 1,
    clock: 0n,
    headquarters: column.rule === 'hq',
    value: pulled,
  }
  const ours: CellWrite = {
    ...common,
    device: 'here',
    seq: 1,
    clock: 1n,
    headquarters: false,
    value: waiting,
  }
  return standing(column.rule, column.choices ?? [], [theirs, ours]).stands === ours
}
