/** Tells a roster's code, and then opens the site's key. */
import {
  canonical,
  checkLocal,
  localDigitsMin,
  localPeopleMin,
  newRoster,
  open,
  parseUnlock,
  refusal,
  rosterCode,
  rosterFile,
  rosterRoot,
  rosterSize,
  type Hash,
  type Throw,
} from '@sansuiji/draw'
import { fromHex, idBytes, newId, type Id } from '@sansuiji/protocol'

import { capture, type Saved, type Store } from './capture'
import type { Database } from './database'
import { dropForm, formOf } from './form'
import { isOpened, openingsOf, type Mode, type Opening } from './opening'
import { RefusedError } from './refused'
import { listed, personOf, rosterFacts } from './rosterRows'
import { campaignCode, requireSite, type Site } from './site'
import { clean, put, textOrNull, update } from './write'

/** Fixes the roster of a visit's unit and gives it the code that is told to somebody else. */
export function tellCode(store: Store, visit: Id): Saved<Id> {
  return capture(store, (saving) => {
    const { database, identity, at } = saving
    const site = requireSite(database, visit)
    if (openingsOf(database, site).length > 0) throw new RefusedError('roster-told')
    const rows = listed(database, site.roster)
    if (rows.length === 0) throw new RefusedError('roster-empty')
    const people = newRoster(rows.map(({ key, name }) => personOf(key, name, false)))
    const opened = newId(at, saving.random)
    put(saving, 'opening', opened, {
      roster_id: idBytes(site.roster),
      site_id: idBytes(site.id),
      people: rosterFile(people),
      size: rosterSize(people),
      official: rosterFacts(database, site.roster).official,
      root: fromHex(rosterRoot(people)),
      code: rosterCode(people, site.site),
      told_at: at,
      inspector_id: idBytes(identity.inspector),
    })
    return opened
  })
}

/** An unlock code as it was typed, and how it came. */
export interface UnlockInput {
  readonly visit: Id
  readonly mode: 'desk' | 'envelope'
  readonly unlock: string
  /** Who wrote the roster's code down, or watched. */
  readonly toldTo: string
}

/** Opens a site by its unlock code. Refuses a slip in typing, and the code of another site. */
export async function openByCode(store: Store, input: UnlockInput): Promise<Saved<Id>> {
  const { database } = store
  const { site } = requireTold(database, input.visit)
  if (!site.modes.includes(input.mode)) throw new RefusedError('mode-unplanned')
  const unlock = parseUnlock(clean(input.unlock))
  const key = await open(campaignCode(database), site.site, unlock, site.sealed)
  return saveKey(store, input, () => ({ key, throws: null }))
}

/** Dice that people of the village threw, and who watched. */
export interface DiceInput {
  readonly visit: Id
  readonly throws: readonly Throw[]
  readonly toldTo: string
}

/**
 * Opens a site by dice thrown on the spot. They are saved before anybody can see what
 * they give, and never a second time.
 */
export function openByDice(store: Store, { visit, throws, toldTo }: DiceInput): Saved<Id> {
  const thrown = throws
    .map(({ by, digits }) => ({ by: clean(by), digits: digits.replace(/\s/g, '') }))
    .filter(({ by, digits }) => by !== '' || digits !== '')
  if (thrown.length === 0) {
    throw refusal('site-dice', String(localPeopleMin), String(localDigitsMin))
  }
  checkLocal(thrown)
  return saveKey(store, { visit, mode: 'local', toldTo }, ({ key }) => {
    if (key === null) throw new RefusedError('mode-unplanned')
    return { key, throws: canonical(thrown) }
  })
}

function requireTold(
  database: Database,
  visit: Id,
): { readonly site: Site; readonly told: Opening } {
  const site = requireSite(database, visit)
  const [told] = openingsOf(database, site)
  if (told === undefined) throw new RefusedError('not-told')
  if (isOpened(told)) throw new RefusedError('opened-already')
  return { site, told }
}

interface KeyInput {
  readonly visit: Id
  readonly mode: Mode
  readonly toldTo: string
}

/** A clock that was set back does not make a key older than the code. */
function saveKey(
  store: Store,
  { visit, mode, toldTo }: KeyInput,
  keyOf: (site: Site) => { readonly key: Hash; readonly throws: string | null },
): Saved<Id> {
  return capture(store, (saving) => {
    const { site, told } = requireTold(saving.database, visit)
    const { key, throws } = keyOf(site)
    dropForm(saving.database, formOf.opening(visit))
    update(saving, 'opening', told.id, {
      mode,
      opened_at: Math.max(saving.at, told.toldAt),
      key: fromHex(key),
      throws,
      told_to: textOrNull(toldTo),
    })
    return told.id
  })
}
