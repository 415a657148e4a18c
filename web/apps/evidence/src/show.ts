/** Values for people. */
import { cellOf, plain, type Column, type Row, type Value } from './load'
import type { Language } from './report'
import { words } from './words'

const zoneMillis = 8 * 3_600_000

/** A moment in the campaign's zone, UTC+8; nothing if it is not known. */
export function moment(millis: number): string {
  if (millis === 0) return ''
  return new Date(millis + zoneMillis).toISOString().slice(0, 16).replace('T', ' ')
}

/** A value in words. */
export function valueText(language: Language, column: Column, value: Value): string {
  switch (value.kind) {
    case 'null':
      return words[language].empty
    case 'integer':
      return integerText(column.name, value.integer)
    case 'text':
      return column.choices.get(value.text)?.[language] ?? value.text
    case 'bytes':
      return value.text
    case 'file':
      return value.file
  }
}

function integerText(name: string, integer: bigint): string {
  if (name.endsWith('_at')) return moment(Number(integer))
  if (name.endsWith('_e7')) return (Number(integer) / 1e7).toFixed(7)
  return String(integer)
}

/** The columns by which people know a row, the best first. */
const titles = [
  'title',
  'name',
  'text',
  'subject',
  'decision',
  'outcome',
  'measure',
  'kind',
  'code',
]

/** What people know a row by. */
export function rowTitle(language: Language, row: Row): string {
  for (const name of titles) {
    const value = cellOf(row, name)
    const column = row.table.columns.find((one) => one.name === name)
    if (value && column && value.kind !== 'null') return valueText(language, column, value)
  }
  return plain(cellOf(row, 'id')) || row.id
}
