/** What the screens may ask of the store about the people drawn at a unit. */
import type { Id } from '@sansuiji/protocol'

import type { Saved, Store } from './capture'
import {
  nameHousehold,
  saveContact,
  saveHousehold,
  withdrawContact,
  type ContactInput,
  type HouseholdInput,
} from './interview'
import { mirrors, mirrorText, saveMirror, type MirrorView } from './mirror'
import { people } from './people'
import type { PeopleView } from './peopleViews'
import { changePerson, removePerson, savePeople, saveRoster } from './roster'
import type { PersonInput, RosterFacts } from './rosterRows'
import type { SavedView } from './service'
import { openByCode, openByDice, tellCode, type DiceInput, type UnlockInput } from './unlock'

/** The part of the service that is about people, and mirrors. */
export interface PeopleService {
  /** Null where no people are drawn. */
  readonly people: (visit: Id) => Promise<PeopleView | null>
  readonly saveRoster: (visit: Id, facts: RosterFacts) => Promise<SavedView>
  /** Adds people: all or none, in one entry. After the code was told they are late. */
  readonly savePeople: (visit: Id, people: readonly PersonInput[]) => Promise<SavedView>
  readonly changePerson: (visit: Id, person: PersonInput) => Promise<SavedView>
  readonly removePerson: (visit: Id, key: string) => Promise<SavedView>
  /** Fixes the roster and gives it its code. */
  readonly tellCode: (visit: Id) => Promise<SavedView>
  readonly openByCode: (input: UnlockInput) => Promise<SavedView>
  readonly openByDice: (input: DiceInput) => Promise<SavedView>
  readonly saveContact: (input: ContactInput) => Promise<SavedView>
  readonly withdrawContact: (visit: Id, contact: Id, reason: string) => Promise<SavedView>
  readonly saveHousehold: (input: HouseholdInput) => Promise<SavedView>
  readonly nameHousehold: (household: Id, who: string) => Promise<SavedView>
  /** What this phone shows to another. */
  readonly mirrorText: (visit: Id) => Promise<string>
  readonly saveMirror: (text: string) => Promise<SavedView>
  readonly mirrors: () => Promise<readonly MirrorView[]>
}

/** Puts that part together. `save` resolves after COMMIT and tells who listens. */
export function peopleService(
  store: Store,
  save: (work: () => Saved<Id> | Promise<Saved<Id>>) => Promise<SavedView>,
): PeopleService {
  const { database } = store
  const read = <T>(query: () => T) => Promise.resolve().then(query)
  return {
    people: (visit) => read(() => people(database, visit)),
    saveRoster: (visit, facts) => save(() => saveRoster(store, visit, facts)),
    savePeople: (visit, all) => save(() => savePeople(store, visit, all)),
    changePerson: (visit, person) => save(() => changePerson(store, visit, person)),
    removePerson: (visit, key) => save(() => removePerson(store, visit, key)),
    tellCode: (visit) => save(() => tellCode(store, visit)),
    openByCode: (input) => save(() => openByCode(store, input)),
    openByDice: (input) => save(() => openByDice(store, input)),
    saveContact: (input) => save(() => saveContact(store, input)),
    withdrawContact: (visit, id, why) => save(() => withdrawContact(store, visit, id, why)),
    saveHousehold: (input) => save(() => saveHousehold(store, input)),
    nameHousehold: (id, who) => save(() => nameHousehold(store, id, who)),
    mirrorText: (visit) => read(() => mirrorText(database, visit)),
    saveMirror: (text) => save(() => saveMirror(store, text)),
    mirrors: () => read(() => mirrors(database)),
  }
}
