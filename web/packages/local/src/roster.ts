/** Who can be drawn at a unit: what people type of its register, until its code is told. */
import { hasControl, isID } from '@sansuiji/draw'
import { idBytes, naturalKeyId, type Id } from '@sansuiji/protocol'

import { capture, type Saved, type Saving, type Store } from './capture'
import type { Database } from './database'
import { plainKey } from './paste'
import { RefusedError } from './refused'
import { isTold, rosterFacts, type PersonInput, type RosterFacts } from './rosterRows'
import { maybeText, text } from './row'
import { requireSite, type Site } from './site'
import { keepTurns } from './turns'
import { clean, put, textOrNull, update, type Cells } from './write'

/** Says where a roster comes from and how large its register is. */
export function saveRoster(store: Store, visit: Id, facts: RosterFacts): Saved<Id> {
  return capture(store, (saving) => {
    const site = requireOwn(saving, visit)
    put(saving, 'roster', site.roster, {
      unit_id: idBytes(site.unit),
      kind: facts.kind,
      official: facts.official,
      note: textOrNull(facts.note),
    })
    return site.roster
  })
}

/**
 * Adds people in one entry, all of them or none. Once the code was told they are late:
 * they come after all others.
 */
export function savePeople(store: Store, visit: Id, people: readonly PersonInput[]): Saved<Id> {
  const typed = people.map(cleaned)
  return capture(store, (saving) => {
    const { database } = saving
    const site = requireSite(database, visit)
    if (isTold(database, site)) {
      keepTurns(database, site, 'person-before', () => {
        addPeople(saving, site, typed)
      })
    } else {
      requireOwn(saving, visit)
      addPeople(saving, site, typed)
    }
    return site.roster
  })
}

function addPeople(saving: Saving, site: Site, people: readonly PersonInput[]): void {
  const { database } = saving
  const insert = 'INSERT INTO roster (id, unit_id) VALUES (?, ?) ON CONFLICT DO NOTHING'
  database.run(insert, idBytes(site.roster), idBytes(site.unit))
  const known = knownNames(database, site)
  for (const { key, name, note } of people) {
    if (!isID(key)) throw new RefusedError('person-key', key)
    const other = known.get(key)
    if (other !== undefined) throw new RefusedError('person-known', key, other)
    known.set(key, name)
    put(saving, 'roster_person', naturalKeyId('roster_person', site.roster, key), {
      roster_id: idBytes(site.roster),
      key,
      name: textOrNull(name),
      note: textOrNull(note),
      withdrawn_at: null,
    })
  }
}

/** Who has which key. Somebody whose code was told keeps it, whatever became of the row. */
function knownNames(database: Database, site: Site): Map<string, string> {
  const told = isTold(database, site)
  const rows = database.rows(
    'SELECT * FROM roster_person WHERE roster_id = ?',
    idBytes(site.roster),
  )
  const standing = rows.filter((row) => told || row['withdrawn_at'] === null)
  return new Map(standing.map((row) => [text(row, 'key'), maybeText(row, 'name') ?? '']))
}

/** Corrects the name or note of somebody on the roster. */
export function changePerson(store: Store, visit: Id, person: PersonInput): Saved<Id> {
  const { key, name, note } = cleaned(person)
  return changeRow(store, visit, key, () => ({ name: textOrNull(name), note: textOrNull(note) }))
}

/** Takes somebody off the roster who does not belong there. */
export function removePerson(store: Store, visit: Id, key: string): Saved<Id> {
  return changeRow(store, visit, key, ({ at }) => ({ withdrawn_at: at }))
}

function changeRow(
  store: Store,
  visit: Id,
  key: string,
  cellsOf: (saving: Saving) => Cells,
): Saved<Id> {
  return capture(store, (saving) => {
    const { roster } = requireOwn(saving, visit)
    update(saving, 'roster_person', naturalKeyId('roster_person', roster, key), cellsOf(saving))
    return roster
  })
}

/** The site of a roster that is still the team's to change. */
function requireOwn({ database }: Saving, visit: Id): Site {
  const site = requireSite(database, visit)
  if (isTold(database, site)) throw new RefusedError('roster-told')
  if (rosterFacts(database, site.roster).kind === 'committed')
    throw new RefusedError('roster-given')
  return site
}

/** Tables take no control characters: what a paste has of them are gaps. */
function cleaned({ key, name, note }: PersonInput): PersonInput {
  const plain = hasControl(name) ? name.replace(/\p{Cc}+/gu, ' ') : name
  return { key: plainKey(key), name: clean(plain), note: clean(note) }
}
