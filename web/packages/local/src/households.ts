/** The rows of households: who behind a door is asked. */
import { idBytes, type Id } from '@sansuiji/protocol'

import type { Database, Row } from './database'
import { id, integer, maybeText, text } from './row'
import type { Site } from './site'

/** The people behind a door, and which of them chance chose. */
export interface Household {
  readonly id: Id
  readonly key: string
  readonly people: number
  /** From 1: men first, then women, the oldest first. */
  readonly chosen: number
  readonly who: string
}

// Two phones may have listed one door: the first stands.
const householdList = `
  SELECT h.* FROM household h JOIN opening o ON o.id = h.opening_id
  WHERE o.site_id = ? ORDER BY h.key, h.listed_at, h.id`

/** The households of a site by door. */
export function householdsOf(database: Database, site: Site): ReadonlyMap<string, Household> {
  const rows = database.rows(householdList, idBytes(site.id)).map(household)
  return new Map(rows.reverse().map((one) => [one.key, one]))
}

/** The household of one door, once it is listed. */
export function householdOf(database: Database, site: Site, door: string): Household | undefined {
  return householdsOf(database, site).get(door)
}

function household(row: Row): Household {
  return {
    id: id(row, 'id'),
    key: text(row, 'key'),
    people: integer(row, 'people'),
    chosen: integer(row, 'chosen'),
    who: maybeText(row, 'who') ?? '',
  }
}
