/**
 * One phone keeps the head of another's chain: whoever makes that chain anew later
 * cannot make one that ends in it.
 */
import { canonical, isHash, parseJSON, problemOf, type Value } from '@sansuiji/draw'
import { fromHex, idBytes, isId, newId, parseId, toHex, type Id } from '@sansuiji/protocol'

import { capture, type Saved, type Saving, type Store } from './capture'
import type { Database } from './database'
import { dropForm, formOf } from './form'
import { openingsOf } from './opening'
import { headOf } from './outbox'
import { RefusedError } from './refused'
import { bytes, id, integer, maybeInteger, maybeText } from './row'
import { campaignCode, siteOf } from './site'
import { requireIdentity } from './state'
import { put } from './write'

/** The form of the text. */
const form = 'ssj-mirror-1'

/** What a phone shows of its chain; canonical JSON with one letter a key, to be small. */
export interface Mirror {
  /** The campaign's code. */
  readonly c: string
  /** The device's id. */
  readonly d: string
  /** Hash of the newest entry, 64 hexadecimal digits. */
  readonly h: string
  /** The roster's code, once told. */
  readonly k?: string | undefined
  /** Contacts of the site. */
  readonly n: number
  /** Place of the newest entry in the chain; 0 before the first. */
  readonly q: number
  /** The site. */
  readonly s?: string | undefined
  readonly t: string
}

/** What this phone shows to another, of one visit. */
export function mirrorText(database: Database, visit: Id): string {
  const identity = requireIdentity(database)
  const head = headOf(database, identity)
  const site = siteOf(database, visit)
  const count = `SELECT COUNT(*) AS n FROM contact c JOIN opening o ON o.id = c.opening_id
    WHERE o.site_id = ? AND c.withdrawn_at IS NULL`
  const contacts = site && database.row(count, idBytes(site.id))
  return canonical({
    c: campaignCode(database),
    d: identity.device,
    h: toHex(head.hash),
    k: site && openingsOf(database, site)[0]?.code,
    n: contacts ? integer(contacts, 'n') : 0,
    q: head.seq,
    s: site?.site,
    t: form,
  } satisfies Mirror)
}

/** Reads what another phone shows, to the letter. */
export function parseMirror(words: string): Mirror {
  const read = treeIn(words)
  const { c, d, h, k, n, q, s, t } = read
  const texts = [k, s].every((one) => one === undefined || typeof one === 'string')
  const counts = isCount(n) && isCount(q)
  if (t !== form || typeof c !== 'string' || !texts || !counts) throw unread()
  if (typeof d !== 'string' || !isId(d) || typeof h !== 'string' || !isHash(h)) throw unread()
  const mirror = { c, d, h, k: k as string | undefined, n, q, s: s as string | undefined, t }
  if (canonical(mirror) !== words) throw unread()
  return mirror
}

function treeIn(words: string): Readonly<Record<string, Value | undefined>> {
  try {
    const tree = parseJSON(words)
    return tree instanceof Map ? (Object.fromEntries(tree) as Record<string, Value>) : {}
  } catch (error) {
    problemOf(error)
    throw unread()
  }
}

function unread(): RefusedError {
  return new RefusedError('mirror-unread')
}

function isCount(value: Value | undefined): value is number {
  return typeof value === 'number' && value >= 0
}

/** Keeps what was read off another phone. The same text again is no new act. */
export function saveMirror(store: Store, typed: string): Saved<Id> {
  const words = typed.trim()
  const mirror = parseMirror(words)
  return capture(store, (saving) => {
    const { database, identity, at } = saving
    if (mirror.c !== campaignCode(database)) throw new RefusedError('mirror-campaign')
    if (mirror.d === identity.device) throw new RefusedError('mirror-own')
    const team = teamOf(saving)
    dropForm(database, formOf.mirror(identity.device))
    const known = database.row('SELECT id FROM mirror WHERE text = ? AND team_id = ?', words, team)
    if (known) return id(known, 'id')
    const minted = newId(at, saving.random)
    put(saving, 'mirror', minted, {
      team_id: team,
      device_id: idBytes(parseId(mirror.d)),
      seq: mirror.q,
      head: fromHex(mirror.h),
      site: mirror.s ?? null,
      code: mirror.k ?? null,
      contacts: mirror.n,
      text: words,
      scanned_at: at,
      inspector_id: idBytes(identity.inspector),
    })
    return minted
  })
}

function teamOf({ database, identity }: Saving): Uint8Array {
  const select = `SELECT team_id FROM team_member WHERE inspector_id = ?
    ORDER BY left_at IS NOT NULL, id LIMIT 1`
  const row = database.row(select, idBytes(identity.inspector))
  if (!row) throw new RefusedError('no-team')
  return bytes(row, 'team_id')
}

/** A mirror in the list. */
export interface MirrorView {
  readonly id: Id
  readonly device: Id
  /** Whose phone it is, or what it is called; null when that is not known here. */
  readonly owner: string | null
  readonly seq: number
  readonly site: string | null
  readonly code: string | null
  readonly contacts: number
  readonly scannedAt: number
  readonly witness: string | null
}

const mirrorList = `
  SELECT m.*, COALESCE(o.name, d.name) AS owner, w.name AS witness
  FROM mirror m LEFT JOIN device d ON d.id = m.device_id
    LEFT JOIN inspector o ON o.id = d.inspector_id
    LEFT JOIN inspector w ON w.id = m.inspector_id
  ORDER BY m.scanned_at DESC, m.id DESC LIMIT ?`

/** How many mirrors the screen lists. */
const mirrorsMax = 200

/** What was read off other phones, newest first. */
export function mirrors(database: Database): readonly MirrorView[] {
  return database.rows(mirrorList, mirrorsMax).map((row) => ({
    id: id(row, 'id'),
    device: id(row, 'device_id'),
    owner: maybeText(row, 'owner'),
    seq: integer(row, 'seq'),
    site: maybeText(row, 'site'),
    code: maybeText(row, 'code'),
    contacts: maybeInteger(row, 'contacts') ?? 0,
    scannedAt: integer(row, 'scanned_at'),
    witness: maybeText(row, 'witness'),
  }))
}
