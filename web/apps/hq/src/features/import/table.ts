/** A table that is imported: its kind, which column is which field, what it would bring. */
import type { components } from '@sansuiji/protocol'

type Schemas = components['schemas']

export type Preview = Schemas['ImportPreview']
export type Field = Schemas['ImportField']
export type Column = Schemas['ImportColumn']
export type Mistake = Schemas['ImportMistake']
export type Result = Schemas['ImportResult']
export type Progress = Schemas['Progress']

export const kinds = ['units', 'problems', 'ledger', 'commitments', 'questions', 'people'] as const
export type Kind = (typeof kinds)[number]

/** A kind, or that it is looked for. */
export type Chosen = Kind | 'auto'

export function chosenOf(text: unknown): Chosen {
  return kinds.find((kind) => kind === text) ?? 'auto'
}

export function kindOf(text: string): Kind | undefined {
  return kinds.find((kind) => kind === text)
}

/** The column of each field, from 1; 0: none. */
export type Mapping = Readonly<Record<string, number>>

export function mappingOf(preview: Preview): Mapping {
  return Object.fromEntries((preview.mapping ?? []).map(({ field, column }) => [field, column]))
}

/** What is sent of a mapping: fields that have a column. */
export function sentOf(mapping: Mapping): Record<string, number> {
  return Object.fromEntries(Object.entries(mapping).filter(([, column]) => column > 0))
}

export function isSame(a: Mapping, b: Mapping): boolean {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return names.every((name) => (a[name] ?? 0) === (b[name] ?? 0))
}

/** Required fields without a column, for which no other field stands in. */
export function lacking(fields: readonly Field[], mapping: Mapping): readonly string[] {
  const has = (name: string | undefined): boolean => name !== undefined && (mapping[name] ?? 0) > 0
  return fields
    .filter(({ field, required, or }) => required && !has(field) && !has(or))
    .map(({ field }) => field)
}

/** Columns that several fields are read from. */
export function shared(mapping: Mapping): readonly number[] {
  const columns = Object.values(mapping).filter((column) => column > 0)
  return [...new Set(columns.filter((column, at) => columns.indexOf(column) !== at))]
}

/** A column as people find it in a spreadsheet: A, B, … AA. */
export function letterOf(column: number): string {
  let rest = column
  let text = ''
  while (rest > 0) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text
    rest = Math.floor((rest - 1) / 26)
  }
  return text
}

/** Whether the previewed table can be imported, and brings something. */
export function isReady(preview: Preview): boolean {
  return preview.problem_count === 0 && preview.inserts + preview.update_count > 0
}

/** The same mistake in several rows: corrected by one stroke in a spreadsheet, told once. */
export interface Repeated {
  readonly mistake: Mistake
  readonly rows: readonly number[]
}

/** Mistakes by what was filled in and what is wrong with it, in the order of their first rows. */
export function repeatedOf(mistakes: readonly Mistake[]): readonly Repeated[] {
  const groups = new Map<string, { mistake: Mistake; rows: number[] }>()
  for (const mistake of mistakes) {
    const key = JSON.stringify([mistake.column, mistake.value, mistake.say])
    const group = groups.get(key)
    if (group) group.rows.push(mistake.row)
    else groups.set(key, { mistake, rows: [mistake.row] })
  }
  return [...groups.values()]
}

/** Rows as people write them: 3, 5–9; no more than so many pieces. */
export function rowsText(rows: readonly number[], pieces: number): string {
  const runs: [number, number][] = []
  for (const row of rows) {
    const last = runs.at(-1)
    if (last && row === last[1] + 1) last[1] = row
    else runs.push([row, row])
  }
  const said = runs.slice(0, pieces).map(([from, to]) => {
    if (from === to) return String(from)
    return `${String(from)}–${String(to)}`
  })
  return `${said.join(', ')}${runs.length > pieces ? ' …' : ''}`
}

/** Mistakes as a table for whoever has to correct them. The mark makes spreadsheets read UTF-8. */
export function mistakesTable(
  heads: readonly string[],
  mistakes: readonly Mistake[],
  language: 'zh' | 'en',
): string {
  const rows = mistakes.map((one) => [
    one.row > 0 ? String(one.row) : '',
    one.column,
    one.value,
    one.say[language],
  ])
  return `\uFEFF${[heads, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`
}

/** A cell of CSV; one that a spreadsheet would take for a formula is made a text. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

/** What comes after a kind on the way of an office. */
export function after(kind: Kind): Kind | undefined {
  return kinds[kinds.indexOf(kind) + 1]
}

/** How much of the way is done, in percent; undefined: nobody knows. */
export function percentOf({ done, total }: Progress): number | undefined {
  return total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : undefined
}
