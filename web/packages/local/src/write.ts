/** Writes rows of a save, and texts as headquarters takes them. */
import { idBytes, type Id } from '@sansuiji/protocol'

import type { Saving } from './capture'
import type { Value } from './database'
import type { Place } from './record'

/** Values by column. */
export type Cells = Readonly<Record<string, Value>>

/** Writes a row, or the named cells of the one that is there. */
export function put(saving: Saving, table: string, id: Id, cells: Cells): void {
  const names = Object.keys(cells)
  const marks = names.map(() => '?').join(', ')
  const sets = names.map((name) => `${name} = excluded.${name}`).join(', ')
  saving.database.run(
    `INSERT INTO ${table} (id, ${names.join(', ')}) VALUES (?, ${marks})
     ON CONFLICT (id) DO UPDATE SET ${sets}`,
    idBytes(id),
    ...Object.values(cells),
  )
}

/** Writes the named cells of a row that is there. */
export function update(saving: Saving, table: string, id: Id, cells: Cells): void {
  const sets = Object.keys(cells).map((name) => `${name} = ?`)
  const statement = `UPDATE ${table} SET ${sets.join(', ')} WHERE id = ?`
  saving.database.run(statement, ...Object.values(cells), idBytes(id))
}

/** Whether a row says these texts already: saying it again is no new act. */
export function isSame(saving: Saving, table: string, id: Id, cells: Cells): boolean {
  const row = saving.database.row(`SELECT * FROM ${table} WHERE id = ?`, idBytes(id))
  return row !== undefined && Object.entries(cells).every(([name, value]) => row[name] === value)
}

/** A text headquarters takes: valid UTF-16 without NUL and outer blanks. */
export function clean(words: string): string {
  return words.replaceAll('\0', '').toWellFormed().trim()
}

/** A text headquarters takes; nothing for an empty one. */
export function textOrNull(words: string): string | null {
  return clean(words) || null
}

/** The cells of a place. */
export function placeCells(place: Place): Cells {
  return {
    latitude_e7: Math.round(place.latitudeE7),
    longitude_e7: Math.round(place.longitudeE7),
    accuracy_m: Math.round(place.accuracyM),
  }
}
