/** The sites that headquarters made: what draws people at a unit with no network. */
import { hashOf, type Hash, type Throw } from '@sansuiji/draw'
import { idBytes, naturalId, type Id } from '@sansuiji/protocol'

import type { Database } from './database'
import { RefusedError } from './refused'
import { bytes, id, integer, maybeText, text } from './row'
import { requireIdentity } from './state'

/** A unit as a place where people are drawn. */
export interface Site {
  readonly id: Id
  readonly unit: Id
  readonly unitName: string
  /** The roster of the unit, whether its row is there or not. */
  readonly roster: Id
  /** Its name in the ceremony. */
  readonly site: string
  /** People to be asked. */
  readonly n: number
  /** Ways in which it may be opened. */
  readonly modes: readonly string[]
  readonly planHash: Hash
  /** Dice of the ceremony. */
  readonly throws: readonly Throw[]
  /** The site's key, sealed by an unlock code. */
  readonly sealed: Uint8Array
  /** The key itself, where dice may be thrown on the spot. */
  readonly key: Hash | null
}

// A unit has a second site when its ceremony was repeated: what was begun goes on.
const siteOfVisit = `
  SELECT s.*, u.name AS unit_name
  FROM visit v JOIN site s ON s.unit_id = v.unit_id LEFT JOIN unit u ON u.id = v.unit_id
  WHERE v.id = ?
  ORDER BY EXISTS (SELECT 1 FROM opening o WHERE o.site_id = s.id) DESC, s.id DESC LIMIT 1`

/** The site of a visit's unit; undefined where no people are drawn. */
export function siteOf(database: Database, visit: Id): Site | undefined {
  const row = database.row(siteOfVisit, idBytes(visit))
  if (!row) return undefined
  const unit = id(row, 'unit_id')
  return {
    id: id(row, 'id'),
    unit,
    unitName: maybeText(row, 'unit_name') ?? '',
    roster: naturalId('roster', unit),
    site: text(row, 'site'),
    n: integer(row, 'n'),
    modes: text(row, 'modes').split(','),
    planHash: hashOf(bytes(row, 'plan_hash')),
    throws: JSON.parse(text(row, 'throws')) as readonly Throw[],
    sealed: bytes(row, 'sealed'),
    key: row['key'] === null ? null : hashOf(bytes(row, 'key')),
  }
}

/** The site of a visit's unit, which must be there. */
export function requireSite(database: Database, visit: Id): Site {
  const site = siteOf(database, visit)
  if (!site) throw new RefusedError('no-site')
  return site
}

/** The campaign's code, which keys are bound to; empty before the first pull. */
export function campaignCode(database: Database): string {
  const { campaign } = requireIdentity(database)
  const row = database.row('SELECT code FROM campaign WHERE id = ?', idBytes(campaign))
  return row ? text(row, 'code') : ''
}
