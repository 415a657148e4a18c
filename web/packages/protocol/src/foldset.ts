/**
 * What becomes of a set of entries: rows with who wrote each cell, competing writes,
 * and the entries that wait or are refused. Slow and plain: it looks at all entries
 * at once, again and again, until nothing changes.
 */
import { tableOf, type Column, type Table } from './catalogue'
import { tables } from './catalogue.gen'
import { placeOf, standing, type Authorship, type CellValue, type CellWrite } from './fold'

/** One change of a row. Columns that it does not write are not in `cells`. */
export interface RowChange {
  readonly table: Table
  readonly row: string
  readonly operation: 'insert' | 'update' | 'delete'
  readonly cells: ReadonlyMap<string, CellValue>
}

/** An entry with what its author may write. */
export interface FoldEntry extends Authorship {
  readonly inspector: string
  /** Whose rows the author may write. */
  readonly teams: readonly string[]
  readonly changes: readonly RowChange[]
}

/** A row: its cells by column. */
export interface FoldRow {
  readonly table: Table
  readonly row: string
  readonly cells: ReadonlyMap<string, CellWrite>
  /** `campaign`, `team:ID`, or nothing if only headquarters holds it. */
  scope: string
}

/** A cell with several competing writes. */
export interface Competition {
  readonly table: Table
  readonly row: string
  readonly column: string
  readonly writes: readonly CellWrite[]
}

/** What becomes of an entry. */
export interface Fate {
  readonly outcome: 'merged' | 'held' | 'quarantined'
  readonly reason: string
}

/** What comes of a set of entries. */
export interface Fold {
  readonly rows: ReadonlyMap<string, FoldRow>
  readonly competitions: readonly Competition[]
  readonly fates: ReadonlyMap<FoldEntry, Fate>
}

const merged: Fate = { outcome: 'merged', reason: '' }
const held: Fate = { outcome: 'held', reason: '' }

/** Merges a set of entries, each given once. */
export function foldSet(entries: readonly FoldEntry[]): Fold {
  const done = new Set<FoldEntry>()
  for (;;) {
    const { rows, competitions } = build([...done])
    const fates = new Map(
      entries.map((entry) => [entry, done.has(entry) ? merged : fateOf(entry, rows)] as const),
    )
    const ready = entries.filter((e) => !done.has(e) && fates.get(e)?.outcome === 'merged')
    if (ready.length === 0) return { rows, competitions, fates }
    for (const entry of ready) done.add(entry)
  }
}

/** The key of a row among all tables' rows. */
export function rowKey(table: Table, row: string): string {
  return `${table.name} ${row}`
}

function build(entries: readonly FoldEntry[]): Pick<Fold, 'rows' | 'competitions'> {
  const rows = new Map<string, FoldRow>()
  const competitions: Competition[] = []
  for (const table of tables) {
    const changes = entries.flatMap((entry) =>
      entry.changes.filter((c) => c.table === table).map((change) => ({ entry, change })),
    )
    for (const row of new Set(changes.map(({ change }) => change.row))) {
      const own = changes.filter(({ change }) => change.row === row)
      const cells = new Map<string, CellWrite>()
      for (const column of table.columns) {
        const writes = own.flatMap(({ entry, change }) => writeOf(entry, change, column.name))
        if (writes.length === 0) continue
        const { stands, competing } = standing(column.rule, column.choices ?? [], writes)
        cells.set(column.name, stands)
        if (competing.length > 1) {
          competitions.push({ table, row, column: column.name, writes: competing })
        }
      }
      rows.set(rowKey(table, row), { table, row, cells, scope: '' })
    }
  }
  // The catalogue names parents before children, and so does the map.
  for (const row of rows.values()) {
    row.scope = scopeOf(row.table, (name) => row.cells.get(name)?.value, rows, new Map()) ?? ''
  }
  return { rows, competitions }
}

function writeOf(entry: FoldEntry, change: RowChange, column: string): readonly CellWrite[] {
  const value = change.cells.get(column)
  if (value === undefined) return []
  return [{ ...entry, value, insert: change.operation === 'insert' }]
}

type Cells = (column: string) => CellValue | undefined
type Rows = ReadonlyMap<string, FoldRow>

/** The scope of a row with these cells; undefined if its parent is not there. */
function scopeOf(
  table: Table,
  cells: Cells,
  rows: Rows,
  own: ReadonlyMap<string, string>,
): string | undefined {
  if (table.scope.kind === 'campaign') return 'campaign'
  const value = cells(table.scope.column ?? '')
  if (typeof value !== 'string') return ''
  if (table.scope.kind === 'team') return `team:${value}`
  const parent = tableOf(table.scope.parent ?? '')
  if (!parent) throw new Error(`fold: ${table.name} has no parent table`)
  return own.get(rowKey(parent, value)) ?? rows.get(rowKey(parent, value))?.scope
}

/** What becomes of an entry when these rows are there; its rows are taken parents first. */
function fateOf(entry: FoldEntry, rows: Rows): Fate {
  const reason = refusalOf(entry)
  if (reason) return { outcome: 'quarantined', reason }
  const own = new Map<string, string>()
  const changes = [...entry.changes].sort((a, b) => a.table.number - b.table.number)
  for (const change of changes) {
    const row = rows.get(rowKey(change.table, change.row))
    const fate = row ? changing(entry, change, row, rows, own) : inserting(entry, change, rows, own)
    if (fate.outcome !== 'merged') return fate
  }
  return merged
}

function inserting(
  entry: FoldEntry,
  change: RowChange,
  rows: Rows,
  own: Map<string, string>,
): Fate {
  if (change.operation !== 'insert') return held
  const cells: Cells = (name) => change.cells.get(name)
  const scope = scopeOf(change.table, cells, rows, own)
  if (scope === undefined) return held
  own.set(rowKey(change.table, change.row), scope)
  return allowed(entry, change.table, scope, cells)
}

function changing(
  entry: FoldEntry,
  change: RowChange,
  row: FoldRow,
  rows: Rows,
  own: ReadonlyMap<string, string>,
): Fate {
  let goal: string | undefined = row.scope
  const { kind, column } = change.table.scope
  if (kind === 'parent' && change.cells.has(column ?? '')) {
    goal = scopeOf(change.table, (name) => change.cells.get(name), rows, own)
    if (goal === undefined) return held
  }
  const cells: Cells = (name) => row.cells.get(name)?.value
  const fate = allowed(entry, change.table, row.scope, cells)
  return fate.outcome === 'merged' ? allowed(entry, change.table, goal, cells) : fate
}

/** Checks the author's rights over a row. */
function allowed(entry: FoldEntry, table: Table, scope: string, cells: Cells): Fate {
  if (entry.headquarters) return merged
  if (scope !== 'campaign' && !entry.teams.some((team) => scope === `team:${team}`)) {
    return { outcome: 'quarantined', reason: 'row-out-of-scope' }
  }
  if (table.writer === 'author' && cells(table.author ?? '') !== entry.inspector) {
    return { outcome: 'quarantined', reason: 'not-the-author' }
  }
  return merged
}

/** The first thing that an entry must never do, whatever rows there are. */
function refusalOf(entry: FoldEntry): string {
  for (const change of entry.changes) {
    if (change.table.writer === 'hq' && !entry.headquarters) return 'table-not-writable'
    if (change.operation === 'delete') return 'row-deleted'
    for (const column of change.table.columns) {
      const value = change.cells.get(column.name)
      if (value === undefined) continue
      if (column.rule === 'hq' && !entry.headquarters) {
        const byDefault = value === (column.default ?? null)
        if (change.operation === 'update' || !byDefault) return 'column-of-headquarters'
      }
      if (!fits(column, value)) return 'value-refused-in-row'
    }
  }
  return ''
}

/** Whether a column can hold a value. */
function fits(column: Column, value: CellValue): boolean {
  if (value === null) return !column.required
  switch (column.type) {
    case 'id':
      return typeof value === 'string'
    case 'bytes':
      return value instanceof Uint8Array
    case 'integer':
      return typeof value === 'number' || typeof value === 'bigint'
    case 'text':
      return typeof value === 'string' && (!column.choices || placeOf(column.choices, value) >= 0)
  }
}
