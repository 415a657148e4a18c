/** What the screens read of the people drawn at a unit. */
import type { Chosen } from '@sansuiji/draw'
import { idBytes, type Id } from '@sansuiji/protocol'

import type { Database } from './database'
import { householdsOf } from './households'
import { disagree, isOpened, openingsOf, type Opened, type Opening } from './opening'
import type {
  OpeningView,
  PeopleSummary,
  PeopleView,
  PersonView,
  RivalView,
  RosterView,
  TurnsView,
  TurnView,
} from './peopleViews'
import { listed, rosterFacts, type PersonInput } from './rosterRows'
import { integer } from './row'
import { siteOf, type Site } from './site'
import { turnsOf } from './turns'

/** Where the people of a visit stand, in short; null where none are drawn. */
export function peopleSummary(database: Database, visit: Id): PeopleSummary | null {
  const site = siteOf(database, visit)
  if (!site) return null
  const [opening] = openingsOf(database, site)
  return {
    n: site.n,
    listed: opening?.size ?? listed(database, site.roster).length,
    told: opening !== undefined,
    opened: isOpened(opening),
    done: completed(database, site),
  }
}

function completed(database: Database, site: Site): number {
  const count = `SELECT COUNT(DISTINCT c.key) AS n
    FROM contact c JOIN opening o ON o.id = c.opening_id
    WHERE o.site_id = ? AND c.result = 'completed' AND c.withdrawn_at IS NULL`
  const row = database.row(count, idBytes(site.id))
  return row ? integer(row, 'n') : 0
}

/** All about the people of a visit; null where none are drawn. */
export function people(database: Database, visit: Id): PeopleView | null {
  const site = siteOf(database, visit)
  if (!site) return null
  const openings = openingsOf(database, site)
  const [opening] = openings
  const typed = listed(database, site.roster)
  return {
    visit,
    unit: site.unitName,
    site: site.site,
    n: site.n,
    modes: site.modes,
    roster: rosterView(database, site, typed, opening),
    opening: opening ? openingView(opening) : null,
    rivals: rivals(openings),
    turns: isOpened(opening) ? turnsView(database, site, typed, opening) : null,
  }
}

function rosterView(
  database: Database,
  site: Site,
  typed: readonly PersonInput[],
  opening: Opening | undefined,
): RosterView {
  const facts = rosterFacts(database, site.roster)
  if (!opening) return { ...facts, people: typed.map((one) => ({ ...one, late: false })) }
  const notes = new Map(typed.map(({ key, note }) => [key, note]))
  const told = opening.people.map((one) => ({ ...personView(one), note: notes.get(one.key) ?? '' }))
  const keys = new Set(told.map(({ key }) => key))
  const late = typed.filter(({ key }) => !keys.has(key)).map((one) => ({ ...one, late: true }))
  return { ...facts, official: opening.official, people: [...told, ...late] }
}

function personView({ key, late, attributes }: Opening['people'][number]): PersonView {
  const name = attributes.find((one) => one.key === 'name')?.value ?? ''
  return { key, name, note: '', late }
}

function openingView(one: Opening): OpeningView {
  const { code, root, size, official, toldAt, toldTo, mode, openedAt, throws } = one
  return { code, root, size, official, toldAt, toldTo, mode, openedAt, throws }
}

function rivals([first, ...others]: readonly Opening[]): readonly RivalView[] {
  if (!first) return []
  return others
    .filter((one) => disagree(first, one))
    .map(({ code, toldAt, inspector }) => ({ code, toldAt, inspector }))
}

function turnsView(
  database: Database,
  site: Site,
  typed: readonly PersonInput[],
  opened: Opened,
): TurnsView {
  const { roster, order, asking, contacts, stray } = turnsOf(database, site, opened)
  const households = householdsOf(database, site)
  const [persons, notes] = [
    new Map(roster.map((one) => [one.key, personView(one)])),
    new Map(typed.map(({ key, note }) => [key, note])),
  ]
  const view = ({ key, rank, late }: Chosen): TurnView => ({
    key,
    rank,
    name: persons.get(key)?.name ?? '',
    note: notes.get(key) ?? '',
    late: late === 1,
    tried: asking.stateOf(key).tried,
    contacts: contacts.filter((one) => one.key === key && !stray.has(one.id)),
    household: households.get(key) ?? null,
  })
  const allowed = order.slice(0, asking.allowed).map(view)
  return {
    done: asking.done,
    used: asking.used,
    reserve: order.length - asking.allowed,
    now: allowed.filter(({ key }) => !asking.stateOf(key).over),
    over: allowed.filter(({ key }) => asking.stateOf(key).over),
    stray: contacts.flatMap((contact) => {
      const problem = stray.get(contact.id)
      return problem ? [{ contact, problem }] : []
    }),
  }
}
