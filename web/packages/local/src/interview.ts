/** What becomes of the people who were drawn: attempts to ask them, and who of a household. */
import { householdMax, refusal, within } from '@sansuiji/draw'
import { idBytes, naturalKeyId, newId, type Id } from '@sansuiji/protocol'

import { capture, type Saved, type Saving, type Store } from './capture'
import { dropForm, formOf } from './form'
import { householdOf } from './households'
import { requireOpened, type Opened } from './opening'
import { MissingError } from './record'
import { RefusedError } from './refused'
import { rosterFacts } from './rosterRows'
import { requireSite, type Site } from './site'
import { keepTurns, keyOf, timeText, turnsOf, type Turns } from './turns'
import { clean, put, textOrNull, update } from './write'

/** What came of an attempt. */
export interface ContactInput {
  readonly visit: Id
  /** Of the person on the roster. */
  readonly key: string
  /** A code of the catalogue. */
  readonly result: string
  readonly note: string
}

/** Records an attempt to ask somebody whose turn it is. */
export function saveContact(store: Store, input: ContactInput): Saved<Id> {
  return capture(store, (saving) => {
    const { visit, key, result } = input
    const { site, opened } = requireOpened(saving.database, visit)
    const turns = turnsOf(saving.database, site, opened)
    const at = timeAfter(saving, opened, turns)
    turns.asking.take({ key, at: timeText(at), result })
    if (result === 'completed') requireListed(saving, site, key)
    dropForm(saving.database, formOf.contact(visit, key))
    const contact = newId(at, saving.random)
    put(saving, 'contact', contact, {
      opening_id: idBytes(opened.id),
      key,
      result,
      contacted_at: at,
      note: textOrNull(input.note),
      inspector_id: idBytes(saving.identity.inspector),
    })
    return contact
  })
}

/**
 * The time of a new contact, Unix milliseconds. Contacts count in the order of their
 * times, and a record whose times run backwards does not hold: after a clock was set
 * back it is the last contact's time, and one more. The entry has the clock's own time.
 */
function timeAfter({ at }: Saving, { openedAt }: Opened, { contacts }: Turns): number {
  return Math.max(at, openedAt, (contacts.at(-1)?.contactedAt ?? 0) + 1)
}

/** Behind a door nobody is asked whom chance did not choose. */
function requireListed({ database }: Saving, site: Site, key: string): void {
  if (rosterFacts(database, site.roster).kind !== 'doors') return
  if (!householdOf(database, site, key)) throw new RefusedError('door-unlisted', key)
}

/** Takes back a contact that was recorded by mistake. It stays, with the reason. */
export function withdrawContact(store: Store, visit: Id, contact: Id, reason: string): Saved<Id> {
  const why = clean(reason)
  if (why === '') throw new MissingError('reason')
  return capture(store, (saving) => {
    const site = requireSite(saving.database, visit)
    keepTurns(saving.database, site, 'contact-leans', () => {
      saving.database.run(
        `UPDATE contact SET withdrawn_at = ?, withdrawn_reason = ?
         WHERE id = ? AND withdrawn_at IS NULL`,
        saving.at,
        why,
        idBytes(contact),
      )
    })
    return contact
  })
}

/** How many people live behind a door. */
export interface HouseholdInput {
  readonly visit: Id
  readonly door: string
  /** Of those who can be asked, listed men first, then women, the oldest first. */
  readonly people: number
}

/** Chooses who behind a door is asked. The number of people is saved first and stays. */
export function saveHousehold(store: Store, { visit, door, people }: HouseholdInput): Saved<Id> {
  if (!Number.isInteger(people) || people < 1 || people > householdMax) {
    throw refusal('household-people', door, String(people))
  }
  return capture(store, (saving) => {
    const { site, opened } = requireOpened(saving.database, visit)
    const { asking, order } = turnsOf(saving.database, site, opened)
    const place = order.findIndex(({ key }) => key === door)
    if (place < 0 || place >= asking.allowed) {
      throw refusal('contact-order', '1', door, order[asking.allowed - 1]?.key ?? '')
    }
    const known = householdOf(saving.database, site, door)
    if (known) throw new RefusedError('door-listed', door, String(known.people))
    const household = naturalKeyId('household', opened.id, door)
    put(saving, 'household', household, {
      opening_id: idBytes(opened.id),
      key: door,
      people,
      chosen: within(site.site, door, people, keyOf(site, opened)),
      listed_at: saving.at,
      inspector_id: idBytes(saving.identity.inspector),
    })
    return household
  })
}

/** Says who the chosen one of a household is. */
export function nameHousehold(store: Store, household: Id, who: string): Saved<Id> {
  return capture(store, (saving) => {
    update(saving, 'household', household, { who: textOrNull(who) })
    return household
  })
}
