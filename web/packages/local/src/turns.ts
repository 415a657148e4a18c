/** Whose turn it is: the order that chance gave, and how far the team has come in it. */
import {
  Asking,
  newRoster,
  orderOf,
  Refusal,
  siteDraw,
  type Chosen,
  type Key,
  type Problem,
  type Roster,
} from '@sansuiji/draw'
import { idBytes, type Id } from '@sansuiji/protocol'

import type { Database } from './database'
import { isOpened, openingsOf, type Opened } from './opening'
import { RefusedError, type RefusedCode } from './refused'
import { listed, personOf } from './rosterRows'
import { id, integer, maybeInteger, maybeText, text } from './row'
import type { Site } from './site'

/** An attempt to ask somebody. */
export interface Contact {
  readonly id: Id
  readonly key: string
  readonly result: string
  readonly contactedAt: number
  readonly note: string
  readonly inspector: string | null
  readonly withdrawnAt: number | null
  readonly withdrawnReason: string | null
}

/** How far a site has come. */
export interface Turns {
  /** As its code was told, with those who came late. */
  readonly roster: Roster
  readonly order: readonly Chosen[]
  /** Where the team stands after the contacts that were in turn. */
  readonly asking: Asking
  /** All of the site, in the order in which they count, withdrawn ones too. */
  readonly contacts: readonly Contact[]
  /** Why contacts do not count, by id: two phones, or other dice. */
  readonly stray: ReadonlyMap<Id, Problem>
}

/** What draws at a site. */
export function keyOf(site: Site, { key, throws }: Opened): Key {
  return siteDraw(site.planHash, { site: site.site, key }, site.throws, throws)
}

/** Where a site stands. */
export function turnsOf(database: Database, site: Site, opened: Opened): Turns {
  const roster = wholeRoster(database, opened)
  const order = orderOf(roster, site.site, keyOf(site, opened))
  const asking = new Asking({ n: site.n, opened_at: timeText(opened.openedAt) }, order)
  const contacts = contactsOf(database, site)
  const stray = new Map<Id, Problem>()
  for (const contact of contacts) {
    if (contact.withdrawnAt !== null) continue
    const problem = refused(asking, contact)
    if (problem) stray.set(contact.id, problem)
  }
  return { roster, order, asking, contacts, stray }
}

function refused(asking: Asking, { key, contactedAt, result }: Contact): Problem | undefined {
  try {
    asking.take({ key, at: timeText(contactedAt), result })
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.problem
    throw error
  }
}

/** The roster as its code was told, and those added since. */
export function wholeRoster(database: Database, { people, roster }: Opened): Roster {
  const told = new Set(people.map(({ key }) => key))
  const late = listed(database, roster).filter(({ key }) => !told.has(key))
  return newRoster([...people, ...late.map(({ key, name }) => personOf(key, name, true))])
}

const contactList = `
  SELECT c.*, i.name AS inspector
  FROM contact c JOIN opening o ON o.id = c.opening_id
    LEFT JOIN inspector i ON i.id = c.inspector_id
  WHERE o.site_id = ? ORDER BY c.contacted_at, c.id`

/** All contacts of a site, of whichever phone. */
function contactsOf(database: Database, site: Site): readonly Contact[] {
  return database.rows(contactList, idBytes(site.id)).map((row) => ({
    id: id(row, 'id'),
    key: text(row, 'key'),
    result: text(row, 'result'),
    contactedAt: integer(row, 'contacted_at'),
    note: maybeText(row, 'note') ?? '',
    inspector: maybeText(row, 'inspector'),
    withdrawnAt: maybeInteger(row, 'withdrawn_at'),
    withdrawnReason: maybeText(row, 'withdrawn_reason'),
  }))
}

/** Does work that must put no contact out of turn that was in it; the code names the first. */
export function keepTurns(
  database: Database,
  site: Site,
  code: RefusedCode,
  work: () => void,
): void {
  const [first] = openingsOf(database, site)
  const turns = () => (isOpened(first) ? turnsOf(database, site, first) : undefined)
  const before = turns()
  work()
  const after = turns()
  const moved = after?.contacts.find(({ id }) => after.stray.has(id) && !before?.stray.has(id))
  if (moved) throw new RefusedError(code, moved.key)
}

/** A time as documents have it: RFC 3339 in UTC, cut off at the second. */
export function timeText(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}Z`
}
