/** The findings that headquarters sent back, for whoever is to mend them. */
import type { Database } from './database'
import { unsentRows } from './described'
import { id, maybeText, text } from './row'
import type { ReturnedView } from './views'

const returnedList = `
  SELECT f.id, f.title, f.review_note, u.name AS unit, i.name AS inspector
  FROM finding f
    LEFT JOIN visit v ON v.id = f.visit_id LEFT JOIN unit u ON u.id = v.unit_id
    LEFT JOIN inspector i ON i.id = f.inspector_id
  WHERE f.review_state = 'returned' AND f.withdrawn_at IS NULL
  ORDER BY f.recorded_at, f.id`

export function returnedFindings(database: Database): readonly ReturnedView[] {
  const unsent = unsentRows(database)
  return database.rows(returnedList).map((row) => ({
    id: id(row, 'id'),
    title: text(row, 'title'),
    unit: maybeText(row, 'unit'),
    note: maybeText(row, 'review_note'),
    inspector: maybeText(row, 'inspector'),
    unsent: unsent.has(id(row, 'id')),
  }))
}
