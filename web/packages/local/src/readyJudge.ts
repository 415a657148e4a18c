/**
 * Judges whether a device is ready for a day without a network. What is not known to be
 * there counts as not there; what only headquarters could say is told apart.
 */
import type { ReadyFacts } from './ready'

/** Units of one category to visit, and the questions that category adds. */
export interface Category {
  readonly category: string
  readonly units: number
  readonly questions: number
}

/** What the browser says of itself. Undefined: it would not tell. */
export interface BrowserFacts {
  readonly online: boolean
  /** The app's own files are kept for a start without a network. */
  readonly cached: boolean | undefined
  /** The browser promised to keep the data. */
  readonly persisted: boolean | undefined
  /** Bytes that may still be stored. */
  readonly freeBytes: number | undefined
}

export type ReadyName =
  | 'visits'
  | 'lists'
  | 'questions'
  | 'people'
  | 'app'
  | 'storage'
  | 'space'
  | 'sync'
  | 'clock'
  | 'unsent'

/** What would turn an item green. */
export type ReadyRemedy = 'sync' | 'reload' | 'persist' | 'recheck'

/** One item of the list. */
export interface ReadyItem {
  readonly name: ReadyName
  /** Unknown: it can only be checked with a network, or the browser does not say. */
  readonly state: 'good' | 'bad' | 'unknown'
  readonly remedy: ReadyRemedy
}

/** How a device stands before it leaves. */
export interface Readiness {
  readonly items: readonly ReadyItem[]
  /** Unchecked: nothing is missing that could be checked, and some could not. */
  readonly verdict: 'ready' | 'unready' | 'unchecked'
  /** Items that are not good. */
  readonly open: number
}

/** Free space that a day of photographs takes. Bytes. */
export const spaceWanted = 500 * 1000 * 1000

/** An older sync has not what headquarters changed since. Milliseconds. */
export const syncAgeMax = 12 * 60 * 60_000

/** A clock further off puts records out of order. Milliseconds. */
export const clockOffMax = 5 * 60_000

/** The clock is compared with headquarters' at a sync; it may be set by hand later. */
const clockAgeMax = 60 * 60_000

/** Judges all items, in the order in which they are shown. */
export function judgeReady(facts: ReadyFacts, browser: BrowserFacts, nowMillis: number): Readiness {
  const items = [
    ...rowItems(facts),
    known('app', browser.cached, 'reload'),
    known('storage', browser.persisted, 'persist'),
    known('space', enough(browser.freeBytes), 'recheck'),
    syncItem(facts, nowMillis),
    clockItem(facts, browser, nowMillis),
    known('unsent', facts.waiting === 0, 'sync'),
  ] satisfies readonly ReadyItem[]
  const bad = items.some(({ state }) => state === 'bad')
  const open = items.filter(({ state }) => state !== 'good').length
  return { items, open, verdict: bad ? 'unready' : open > 0 ? 'unchecked' : 'ready' }
}

function rowItems(facts: ReadyFacts): readonly ReadyItem[] {
  const { complete } = facts
  const asked = facts.categories.every((c) => facts.questionsCommon + c.questions > 0)
  const items: ReadyItem[] = [
    known('visits', complete && facts.visits > 0 && facts.unitsMissing === 0, 'sync'),
    known('lists', complete && facts.problems > 0, 'sync'),
    known('questions', complete && facts.categories.length > 0 && asked, 'sync'),
  ]
  // Where nobody is drawn there is nothing to have.
  if (facts.sites === 0) return items
  return [...items, known('people', complete && facts.sitesUsable === facts.sites, 'sync')]
}

function enough(freeBytes: number | undefined): boolean | undefined {
  return freeBytes === undefined ? undefined : freeBytes >= spaceWanted
}

function syncItem(facts: ReadyFacts, nowMillis: number): ReadyItem {
  const { syncedAt, syncFailed, checkpointAt } = facts
  const fresh = syncedAt !== null && Math.abs(nowMillis - syncedAt) <= syncAgeMax
  return known('sync', fresh && !syncFailed && checkpointAt !== null, 'sync')
}

function clockItem(facts: ReadyFacts, browser: BrowserFacts, nowMillis: number): ReadyItem {
  if (Math.abs(facts.serverAheadMs) > clockOffMax) return known('clock', false, 'sync')
  const age = facts.contactAt === null ? Infinity : Math.abs(nowMillis - facts.contactAt)
  if (age > clockAgeMax) return known('clock', browser.online ? false : undefined, 'sync')
  return known('clock', true, 'sync')
}

function known(name: ReadyName, is: boolean | undefined, remedy: ReadyRemedy): ReadyItem {
  return { name, remedy, state: is === undefined ? 'unknown' : is ? 'good' : 'bad' }
}
