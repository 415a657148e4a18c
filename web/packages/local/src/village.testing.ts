/** A ceremony that gives a village its key, the phones of its team, and what they bring home. */
import {
  canonical,
  ceremonyOf,
  commit,
  hashOf,
  newSitesPlan,
  noHash,
  planHash,
  rosterFile,
  seal,
  spec,
  suite,
  sum,
  unlockCode,
  type Certificate,
  type Hash,
  type Plan,
  type SiteFiles,
} from '@sansuiji/draw'
import { fromHex, idBytes, join, utf8, type Id } from '@sansuiji/protocol'

import { openMemory, type Database } from './database'
import { householdsOf } from './households'
import { openingsOf, requireOpened } from './opening'
import { bytes, integer } from './row'
import { siteOf } from './site'
import { setId } from './state'
import { enrolledStore, ids, someId, type TestStore } from './testing'
import { timeText, turnsOf } from './turns'

/** What headquarters made for one village. */
export interface Village {
  readonly certificate: Certificate
  readonly unlock: string
  /** A right code, of another site. */
  readonly otherUnlock: string
  /** Puts headquarters' rows into a phone. */
  readonly seed: (database: Database) => void
}

export const siteName = 'V02'
export const campaign = '2026Q4'

function made(what: string): Hash {
  return hashOf(sum(utf8(what)))
}

const roles = ['hq', 'observer']

function planWith(sites: Plan['sites']): Plan {
  const plan: Plan = {
    ...{ spec, suite, campaign, seq: 1, purpose: 'interview', scope: 'city' },
    ...{ previous: noHash, gap_s: 3600, commitments: [], sites },
    frame: { root: made('frame'), sha256: made('file'), n: 6, eligible: 6, excluded: [] },
    public: { type: 'dice', sides: 10, people: ['R03', 'R05', 'R07'], throws: 7 },
  }
  const commitments = roles.map((role) => ({
    role,
    commit: commit(ceremonyOf(plan), role, made(role)),
  }))
  return { ...plan, commitments }
}

function ceremonyWith(plan: Plan): Certificate {
  return {
    ...{ spec, status: 'done', plan, plan_hash: planHash(plan) },
    published: [{ where: '公示欄', at: '2026-11-20T01:00:00Z', evidence: 'sha256:01' }],
    thrown_at: '2026-11-20T03:00:00Z',
    throws: [
      { by: 'R03', digits: '2962963' },
      { by: 'R05', digits: '4197530' },
      { by: 'R07', digits: '5432097' },
    ],
    reveals: roles.map((role) => ({ role, secret: made(role) })),
    ...{ allocation: [], drawn: [], routes: [], amendments: [] },
  }
}

/** Holds a ceremony for five villages, where n people each are asked. */
export async function makeVillage(n: number): Promise<Village> {
  const secrets = ['V00', 'V01', siteName, 'V03', 'V04'].map((site) => ({ site, key: made(site) }))
  const { plan: sites, proofs } = newSitesPlan(secrets, n, ['desk', 'envelope', 'local'])
  const certificate = ceremonyWith(planWith(sites))
  const [own, proof] = [secrets[2], proofs[2]]
  if (own === undefined || proof === undefined) throw new Error('no site')
  const [unlock, other] = ['ours', 'theirs'].map((what) => sum(utf8(what)).slice(0, 10))
  if (unlock === undefined || other === undefined) throw new Error('no code')
  const sealed = await seal(campaign, own, unlock)
  const cells = {
    unit_id: idBytes(ids.unit),
    draw_id: idBytes(someId(8)),
    ...{
      site: siteName,
      n,
      modes: 'desk,envelope,local',
      plan_hash: fromHex(certificate.plan_hash),
    },
    throws: canonical(certificate.throws),
    ...{ place: proof.at, places: proof.n, path: join(...proof.path.map((one) => fromHex(one))) },
    ...{ sealed, key: fromHex(own.key) },
  }
  const seed = (database: Database) => {
    const sql = `INSERT INTO site (id, ${Object.keys(cells).join(', ')})
      VALUES (?, ${Object.keys(cells).fill('?').join(', ')})`
    database.run(sql, idBytes(someId(9)), ...Object.values(cells))
    const code = 'INSERT INTO campaign (id, code, name) VALUES (?, ?, ?)'
    database.run(code, idBytes(ids.campaign), campaign, '第四批')
  }
  return { certificate, unlock: unlockCode(unlock), otherUnlock: unlockCode(other), seed }
}

/** A phone of the village's team; `n` tells one from another. */
export async function phoneIn(village: Village, n = 0): Promise<TestStore> {
  const store = await enrolledStore()
  if (n > 0) setId(store.database, 'device_id', someId(100 + n))
  village.seed(store.database)
  return { ...store, random: (count) => Uint8Array.from(store.random(count), (b) => (b + n) % 251) }
}

const carried = ['roster', 'roster_person', 'opening', 'household', 'contact']

/** Puts the rows of one phone into another, as headquarters would. */
export function carry(from: Database, to: Database): void {
  for (const table of carried) {
    for (const row of from.rows(`SELECT * FROM ${table}`)) {
      const marks = Object.keys(row).fill('?').join(', ')
      to.run(`INSERT OR IGNORE INTO ${table} VALUES (${marks})`, ...Object.values(row))
    }
  }
}

/** The app is killed and opened again: all that is left is the database's bytes. */
export async function restart(store: TestStore): Promise<TestStore> {
  const old = store.database
  const image = old.sqlite3.capi.sqlite3_js_db_export(old.connection)
  old.close()
  const database = await openMemory()
  const { capi, wasm } = database.sqlite3
  const at = wasm.allocFromTypedArray(image)
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_RESIZEABLE
  const [db, size] = [database.connection, image.length]
  const rc = capi.sqlite3_deserialize(db, 'main', at, size, size, flags)
  if (rc !== 0) throw new Error(`deserialize: ${String(rc)}`)
  return { ...store, database }
}

/** What an auditor is given of a visit: docs/DRAW.md, §13. */
export function filesOf(database: Database, village: Village, visit: Id): SiteFiles {
  const { roster } = turnsIn(database, visit)
  return {
    record: utf8(canonical(recordOf(database, visit))),
    certificate: utf8(canonical(village.certificate)),
    roster: utf8(rosterFile(roster)),
  }
}

function turnsIn(database: Database, visit: Id) {
  const { site, opened } = requireOpened(database, visit)
  return turnsOf(database, site, opened)
}

function recordOf(database: Database, visit: Id): object {
  const { site, opened } = requireOpened(database, visit)
  const row = database.row('SELECT * FROM site WHERE id = ?', idBytes(site.id))
  if (row === undefined) throw new Error('no site')
  const path = bytes(row, 'path')
  const hashes = Array.from({ length: path.length / 32 }, (_, i) => path.slice(32 * i, 32 * i + 32))
  const { contacts } = turnsIn(database, visit)
  return {
    ...{ spec, plan_hash: site.planHash, site: site.site, mode: opened.mode, n: site.n },
    key: opened.key,
    proof: { at: integer(row, 'place'), n: integer(row, 'places'), path: hashes.map(hashOf) },
    ...{ root: opened.root, code: opened.code, size: opened.size },
    official: opened.official ?? 0,
    ...{ logged_at: timeText(opened.toldAt), opened_at: timeText(opened.openedAt) },
    local: opened.throws,
    households: [...householdsOf(database, site).values()]
      .map(({ key, people, chosen }) => ({ key, people, chosen }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
    contacts: contacts
      .filter(({ withdrawnAt }) => withdrawnAt === null)
      .map(({ key, contactedAt, result }) => ({ key, at: timeText(contactedAt), result })),
  }
}

/** How many openings a phone knows of. */
export function openingsIn(database: Database, visit: Id): number {
  const site = siteOf(database, visit)
  return site ? openingsOf(database, site).length : 0
}
