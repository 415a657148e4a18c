/**
 * The table catalogue: which tables travel between devices and headquarters,
 * what their columns are called and which values they take. The data itself is
 * generated from the Go catalogue into catalogue.gen.ts.
 */
import { faults, tables } from './catalogue.gen'

/** The two languages of the screens. */
export type Language = 'zh' | 'en'

/** A word in both languages. */
export type Label = Readonly<Record<Language, string>>

/** One allowed value of a text column. */
export interface Choice {
  readonly code: string
  readonly label: Label
}

/** What stands when two people wrote different values in one cell unseen. */
export type Rule = 'latest' | 'review' | 'furthest' | 'once' | 'hq'

/** One column of a synced table, the key aside. */
export interface Column {
  readonly name: string
  readonly type: 'id' | 'text' | 'integer' | 'bytes'
  readonly rule: Rule
  readonly label: Label
  readonly choices?: readonly Choice[]
  readonly required?: boolean
  readonly default?: string | number
  /** The first schema version that has it. */
  readonly since: number
}

/** How a row's scope is found. */
export interface ScopeRule {
  readonly kind: 'campaign' | 'team' | 'parent'
  readonly column?: string
  readonly parent?: string
}

/** One synced table. Its key is always one column, `id`, of 16 bytes. */
export interface Table {
  readonly name: string
  readonly label: Label
  readonly scope: ScopeRule
  readonly writer: 'hq' | 'team' | 'author'
  readonly author?: string
  readonly columns: readonly Column[]
  readonly since: number
  readonly number: number
}

/** One kind of trouble: what happened and what to do. */
export interface Fault {
  readonly code: string
  /** HTTP status; 0 for reasons that only stand in receipts. */
  readonly status: number
  readonly title: Label
  readonly advice: Label
}

const tablesByName = new Map(tables.map((table) => [table.name, table]))
const faultsByCode = new Map(faults.map((fault) => [fault.code, fault]))

/** Finds a synced table. */
export function tableOf(name: string): Table | undefined {
  return tablesByName.get(name)
}

/** Finds a fault or a reason for quarantine by its code. */
export function faultOf(code: string): Fault | undefined {
  return faultsByCode.get(code)
}

/** The names of a table's columns in wire order, the key first. */
export function columnNames(table: Table): readonly string[] {
  return ['id', ...table.columns.map((column) => column.name)]
}

/** The allowed values of a column. A table or column that is not there is a bug of ours. */
export function choicesOf(table: string, column: string): readonly Choice[] {
  const found = tableOf(table)?.columns.find((c) => c.name === column)
  if (!found) throw new Error(`no column ${table}.${column} in the catalogue`)
  return found.choices ?? []
}

/** What a column is called, or its bare name when the catalogue has none. */
export function columnLabel(table: string, column: string, language: Language): string {
  return tableOf(table)?.columns.find((c) => c.name === column)?.label[language] ?? column
}

/** The word for one value of a column, or the bare value when the catalogue has none. */
export function choiceLabel(
  table: string,
  column: string,
  code: string | null,
  language: Language,
): string {
  if (code === null) return ''
  return choicesOf(table, column).find((c) => c.code === code)?.label[language] ?? code
}
