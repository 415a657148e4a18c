/** Who was asked at a site, as far as its files can be read. */
import {
  Asking,
  problemOf,
  siteOrder,
  type Chosen,
  type ContactRecord,
  type SiteRead,
} from '@sansuiji/draw'

import { nameOf } from './report'

/** An attempt to ask somebody. */
export interface Attempt {
  readonly at: string
  readonly result: string
  /** It is the first that is against the rules. */
  readonly wrong: boolean
}

/** Somebody who was asked, or may be. */
export interface Asked {
  /** In the order of the draw, from 1; undefined for who is not on the roster. */
  readonly rank: number | undefined
  readonly key: string
  readonly name: string
  /** In the place of somebody before. */
  readonly reserve: boolean
  /** Added to the roster after its code was told. */
  readonly late: boolean
  readonly attempts: readonly Attempt[]
  readonly household: { readonly people: number; readonly chosen: number } | undefined
}

/** What was done at a site. */
export interface Asks {
  readonly people: readonly Asked[]
  readonly done: number
  /** Of the reserve. */
  readonly used: number
}

/** Who was asked; what is against the rules is shown, too. */
export function asksOf(read: SiteRead): Asks {
  const { record } = read
  const order = siteOrder(read)
  const asking = new Asking(record, order)
  const wrong = record.contacts.findIndex((contact) => !takes(asking, contact))
  const ranks = new Map(order.map((one) => [one.key, one]))
  const keys = new Set([
    ...order.slice(0, Math.max(asking.allowed, 0)).map(({ key }) => key),
    ...[...record.contacts, ...record.households].map(({ key }) => key),
  ])
  const people = [...keys].map((key) => askedOf(read, key, wrong, ranks.get(key)))
  people.sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || 0)
  return { people, done: asking.done, used: asking.used }
}

function takes(asking: Asking, contact: ContactRecord): boolean {
  try {
    asking.take(contact)
    return true
  } catch (error) {
    problemOf(error)
    return false
  }
}

function askedOf(
  { record, roster }: SiteRead,
  key: string,
  wrong: number,
  chosen: Chosen | undefined,
): Asked {
  const attempts = record.contacts
    .map((contact, i) => ({ ...contact, wrong: i === wrong }))
    .filter((contact) => contact.key === key)
  return {
    rank: chosen?.rank,
    key,
    name: nameOf(roster.find((one) => one.key === key)?.attributes ?? []),
    reserve: chosen !== undefined && chosen.rank > record.n,
    late: chosen?.late === 1,
    attempts,
    household: record.households.find((one) => one.key === key),
  }
}
