/** The rows of a roster and its people. */
import type { Roster } from '@sansuiji/draw'
import { idBytes, type Id } from '@sansuiji/protocol'

import type { Database } from './database'
import { maybeInteger, maybeText, text } from './row'
import type { Site } from './site'

/** Where a roster comes from, as the catalogue has it. */
export type RosterKind = 'committed' | 'register' | 'doors'

/** What is known of a roster as a whole. */
export interface RosterFacts {
  readonly kind: RosterKind
  /** Size of the official register, where it is known. */
  readonly official: number | null
  readonly note: string
}

/** Somebody, or a door, as typed. */
export interface PersonInput {
  /** A place in the register, such as 3-12, or a door, such as D001. */
  readonly key: string
  readonly name: string
  readonly note: string
}

/** A roster's facts; those of an empty one while there is no row. */
export function rosterFacts(database: Database, roster: Id): RosterFacts {
  const row = database.row('SELECT * FROM roster WHERE id = ?', idBytes(roster))
  if (!row) return { kind: 'register', official: null, note: '' }
  return {
    kind: text(row, 'kind') as RosterKind,
    official: maybeInteger(row, 'official'),
    note: maybeText(row, 'note') ?? '',
  }
}

const personList = `
  SELECT key, name, note FROM roster_person
  WHERE roster_id = ? AND withdrawn_at IS NULL ORDER BY key`

/** The people of a roster, as typed so far. */
export function listed(database: Database, roster: Id): readonly PersonInput[] {
  return database.rows(personList, idBytes(roster)).map((row) => ({
    key: text(row, 'key'),
    name: maybeText(row, 'name') ?? '',
    note: maybeText(row, 'note') ?? '',
  }))
}

/** Whether the roster's code was told, for this site or an earlier one of the unit. */
export function isTold(database: Database, { roster }: Site): boolean {
  return database.row('SELECT 1 FROM opening WHERE roster_id = ?', idBytes(roster)) !== undefined
}

/** A person as the draw knows one. */
export function personOf(key: string, name: string, late: boolean): Roster[number] {
  return { key, late, attributes: name === '' ? [] : [{ key: 'name', value: name }] }
}
