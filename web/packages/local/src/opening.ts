/** How a site was opened: the roster as its code was told, and then the key. */
import { hashOf, readRoster, type Hash, type Roster, type Throw } from '@sansuiji/draw'
import { idBytes, utf8, type Id } from '@sansuiji/protocol'

import type { Database, Row } from './database'
import { RefusedError } from './refused'
import { bytes, id, integer, maybeInteger, maybeText, text } from './row'
import { requireSite, type Site } from './site'

/** Ways of opening, as the catalogue has them. */
export type Mode = 'desk' | 'envelope' | 'local'

/** The row of an opening. */
export interface Opening {
  readonly id: Id
  readonly roster: Id
  /** As its code was told. */
  readonly people: Roster
  readonly size: number
  /** Size of the register, where it is known. */
  readonly official: number | null
  readonly root: Hash
  readonly code: string
  readonly toldAt: number
  readonly toldTo: string | null
  readonly mode: Mode | null
  readonly openedAt: number | null
  readonly key: Hash | null
  /** Dice of the village. */
  readonly throws: readonly Throw[]
  readonly inspector: string | null
}

/** An opening whose key is there. */
export interface Opened extends Opening {
  readonly mode: Mode
  readonly openedAt: number
  readonly key: Hash
}

/**
 * Two phones with no network may both tell a code and open. All phones, and
 * headquarters, then let the same one stand: the one that was opened first, of those
 * not opened the one that was told first, then the lowest id.
 */
const openingList = `
  SELECT o.*, i.name AS inspector
  FROM opening o LEFT JOIN inspector i ON i.id = o.inspector_id
  WHERE o.site_id = ?
  ORDER BY o.opened_at IS NULL, o.opened_at, o.told_at, o.id`

/** All openings of a site, the one that stands first. */
export function openingsOf(database: Database, site: Site): readonly Opening[] {
  return database.rows(openingList, idBytes(site.id)).map(opening)
}

function opening(row: Row): Opening {
  return {
    id: id(row, 'id'),
    roster: id(row, 'roster_id'),
    people: readRoster(utf8(text(row, 'people'))),
    size: integer(row, 'size'),
    official: maybeInteger(row, 'official'),
    root: hashOf(bytes(row, 'root')),
    code: text(row, 'code'),
    toldAt: integer(row, 'told_at'),
    toldTo: maybeText(row, 'told_to'),
    mode: maybeText(row, 'mode') as Mode | null,
    openedAt: maybeInteger(row, 'opened_at'),
    key: row['key'] === null ? null : hashOf(bytes(row, 'key')),
    throws: JSON.parse(maybeText(row, 'throws') ?? '[]') as readonly Throw[],
    inspector: maybeText(row, 'inspector'),
  }
}

/** Whether an opening has its key. */
export function isOpened(one: Opening | undefined): one is Opened {
  return one !== undefined && one.mode !== null && one.openedAt !== null && one.key !== null
}

/** The site of a visit and its opening that stands, which must have its key. */
export function requireOpened(
  database: Database,
  visit: Id,
): { readonly site: Site; readonly opened: Opened } {
  const site = requireSite(database, visit)
  const [first] = openingsOf(database, site)
  if (!isOpened(first)) throw new RefusedError('not-opened')
  return { site, opened: first }
}

/** Whether two openings would ask other people: of other rosters, or by other dice. */
export function disagree(a: Opening, b: Opening): boolean {
  const dice = (one: Opening) => JSON.stringify(one.throws)
  return a.root !== b.root || (isOpened(a) && isOpened(b) && dice(a) !== dice(b))
}
