/** Cells as people read them: a choice by its word, a time as a date, a place in degrees. */
import { tableOf, type Language } from '@sansuiji/protocol'
import { formatMoment } from '@sansuiji/ui'

const wholeNumber = /^-?\d{1,16}$/

/** The text of a cell. What the catalogue does not know is shown as it came. */
export function cellText(
  table: string,
  column: string,
  value: string,
  language: Language,
  nowMillis: number,
): string {
  const known = tableOf(table)?.columns.find((c) => c.name === column)
  const choice = known?.choices?.find((c) => c.code === value)
  if (choice) return choice.label[language]
  if (!wholeNumber.test(value)) return value
  if (column.endsWith('_at')) return formatMoment(Number(value), language, nowMillis)
  if (column.endsWith('_e7')) return (Number(value) / 1e7).toFixed(5)
  return value
}
