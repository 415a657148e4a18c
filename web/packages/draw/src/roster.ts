/** Who can be drawn at a site. */
import { compareBytes, fromHex, toHex } from '@sansuiji/protocol'

import { compareText, hashOf, sum, tag, ticketing, Writer, type Hash, type Key } from './bytes'
import { rowsOf, rowText } from './csv'
import { attributesHash, isID, type Attribute } from './frame'
import { hasControl } from './frameRead'
import { decodeText } from './json'
import { grouped, isLetters, lettersOf, plainLetters } from './letters'
import { leafHash, root } from './merkle'
import { refusal } from './problem'

/**
 * Somebody, or a door, on a roster. The key is a place in the official register, such
 * as a page and a line, not a name: names are written in many ways.
 */
export interface Person {
  readonly key: string
  /** Added after the roster's code was told. */
  readonly late: boolean
  readonly attributes: readonly Attribute[]
}

/** Who can be drawn at a site, sorted by key. */
export type Roster = readonly Person[]

/**
 * Reads a table (CSV) with the column key, and late (1 or 0) as need be. All other
 * columns are attributes.
 */
export function readRoster(file: Uint8Array): Roster {
  const text = decodeText(file).replace(/^\ufeff/, '')
  const people: Person[] = []
  let header: readonly string[] | undefined
  for (const { line, fields } of rowsOf(text)) {
    if (header === undefined) {
      if (!fields.includes('key')) throw refusal('frame-no-column', 'key')
      header = fields
      continue
    }
    people.push(personOf(header, fields, line))
  }
  if (header === undefined) throw refusal('frame-empty')
  return newRoster(people)
}

function personOf(header: readonly string[], fields: readonly string[], line: number): Person {
  let [key, late] = ['', false]
  const attributes: Attribute[] = []
  for (const [i, name] of header.entries()) {
    const text = fields[i] ?? ''
    if (hasControl(text) || (name === 'late' && text !== '0' && text !== '1')) {
      throw refusal('frame-value', String(line), name)
    }
    if (name === 'key') {
      if (!isID(text)) throw refusal('frame-row-id', String(line), text)
      key = text
    } else if (name === 'late') late = text === '1'
    else if (text !== '') attributes.push({ key: name, value: text })
  }
  return { key, late, attributes }
}

/** Sorts and checks people. */
export function newRoster(people: readonly Person[]): Roster {
  const sorted = people.map(({ key, late, attributes }) => ({
    key,
    late,
    attributes: [...attributes].sort((a, b) => compareText(a.key, b.key)),
  }))
  sorted.sort((a, b) => compareText(a.key, b.key))
  for (const [i, { key }] of sorted.entries()) {
    if (!isID(key) || key === sorted[i - 1]?.key) throw refusal('roster-key', key)
  }
  return sorted
}

/** A roster as a table, which `readRoster` reads back. */
export function rosterFile(roster: Roster): string {
  const keys = new Set(roster.flatMap(({ attributes }) => attributes.map(({ key }) => key)))
  const extra = [...keys].sort(compareText)
  const late = roster.some((person) => person.late) ? ['late'] : []
  const rows = roster.map((person) => {
    const values = new Map(person.attributes.map(({ key, value }) => [key, value]))
    const flag = late.map(() => (person.late ? '1' : '0'))
    return rowText([person.key, ...extra.map((key) => values.get(key) ?? ''), ...flag])
  })
  return rowText(['key', ...extra, ...late]) + rows.join('')
}

/** Those whose names the roster's code stands for. */
function inTime(roster: Roster): Roster {
  return roster.filter(({ late }) => !late)
}

/** The root of the people's tree, those left out who came late. */
export function rosterRoot(roster: Roster): Hash {
  const writer = new Writer()
  const leaves = inTime(roster).map(({ key, attributes }) =>
    leafHash(writer.clear().part(key).raw(attributesHash(attributes)).bytes()),
  )
  return hashOf(root(leaves))
}

/** How many letters a roster's code has. */
export const rosterCodeLength = 12

/**
 * What is read to the duty desk: twelve letters that stand for the roster of a site as
 * it is.
 */
export function rosterCode(roster: Roster, site: string): string {
  const whole = sum(tag('roster', site, fromHex(rosterRoot(roster))))
  return grouped(lettersOf(whole).slice(0, rosterCodeLength))
}

/** Reads a roster's code as people say it, and gives it in its one form. */
export function parseRosterCode(text: string): string {
  const plain = plainLetters(text)
  if (plain.length !== rosterCodeLength || !isLetters(plain)) {
    throw refusal('roster-code-form', text)
  }
  return grouped(plain)
}

/** How many people are on the roster, those left out who came late. */
export function rosterSize(roster: Roster): number {
  return inTime(roster).length
}

/** A person in the order in which people are asked. */
export interface Chosen {
  /** From 1. */
  readonly rank: number
  readonly key: string
  /** Hexadecimal. */
  readonly ticket: string
  /** 1: added after the code was told, and after all others. */
  readonly late: number
}

/**
 * Puts all people of a roster in the order in which they are asked. The order does not
 * depend on the roster as a whole: a name more, less, or written in another way changes
 * nothing for the others.
 */
export function orderOf(roster: Roster, site: string, key: Key): readonly Chosen[] {
  const ticket = ticketing(key)
  const list = roster.map((person) => ({ person, ticket: ticket(`${site}/${person.key}`) }))
  list.sort((a, b) => {
    if (a.person.late !== b.person.late) return a.person.late ? 1 : -1
    return compareBytes(a.ticket, b.ticket) || compareText(a.person.key, b.person.key)
  })
  return list.map(({ person, ticket: drawn }, i) => {
    return { rank: i + 1, key: person.key, ticket: toHex(drawn), late: person.late ? 1 : 0 }
  })
}

/** How many people a household has at most. */
export const householdMax = 1000

/**
 * Chooses one of the people behind a door, whom the interviewer has listed men first,
 * then women, the oldest first (Kish 1949): a number from 1 to n.
 */
export function within(site: string, door: string, n: number, key: Key): number {
  const ticket = ticketing(key)
  const tickets = Array.from({ length: n }, (_, i) => ticket(`${site}/${door}/${i + 1}`))
  return tickets.reduce((best, one, i) => {
    const least = tickets[best - 1]
    return least === undefined || compareBytes(one, least) < 0 ? i + 1 : best
  }, 0)
}
