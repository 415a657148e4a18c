/** Reads people of a register that was typed elsewhere. It knows no rows. */
import { isID } from '@sansuiji/draw'

import type { PersonInput } from './rosterRows'

/** What stands in the way of reading a line. */
export type Unreadable =
  /** What comes first is no key. */
  | 'no-key'
  /** The key is in an earlier line. */
  | 'twice'
  /** The key is on the roster already. */
  | 'known'
  /** More than a key, a name and a note. */
  | 'fields'

/** A line that gives nobody, and why. */
export interface UnreadLine {
  /** From 1. */
  readonly line: number
  readonly text: string
  readonly why: Unreadable
  /** Who has the key already; empty where that does not matter or there is no name. */
  readonly other: string
}

/** What was read of a paste. */
export interface Pasted {
  readonly people: readonly PersonInput[]
  readonly unread: readonly UnreadLine[]
}

/**
 * Reads a line a person: the key, and as there are, the name and a note, with tabs,
 * commas, or a gap between key and name. Empty lines are none; a first line that begins
 * with `key` names the columns. `known` has the names of who is there already, by key.
 */
export function readPaste(text: string, known: ReadonlyMap<string, string>): Pasted {
  const [people, unread]: [PersonInput[], UnreadLine[]] = [[], []]
  const before = new Map<string, string>()
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '' || (i === 0 && /^\ufeff?key\b/i.test(line))) continue
    const [first = '', name = '', note = '', ...more] = fieldsOf(line.replace(/^\ufeff/, ''))
    const key = plainKey(first)
    const leave = (why: Unreadable, other = '') =>
      unread.push({ line: i + 1, text: line, why, other })
    if (!isID(key)) leave('no-key')
    else if (more.some((field) => field !== '')) leave('fields')
    else if (before.has(key)) leave('twice', before.get(key))
    else if (known.has(key)) leave('known', known.get(key))
    else {
      before.set(key, name)
      people.push({ key, name, note })
    }
  }
  return { people, unread }
}

function fieldsOf(line: string): readonly string[] {
  const comma = /[,，]/
  if (line.includes('\t')) return line.split('\t').map(unquoted)
  if (comma.test(line)) return commaFields(line).map(unquoted)
  const [, key = '', name = ''] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? []
  return [key, name.trim()]
}

/** Commas in quotation marks part nothing. */
function commaFields(line: string): readonly string[] {
  return line.match(/(?<=^|[,，])(?:\s*"(?:[^"]|"")*"\s*|[^,，]*)/g) ?? []
}

function unquoted(field: string): string {
  const inner = /^\s*"((?:[^"]|"")*)"\s*$/.exec(field)?.[1]
  return (inner?.replaceAll('""', '"') ?? field).trim()
}

/** A key as tables have it: people type full-width figures and all kinds of dashes. */
export function plainKey(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u2010-\u2015\u2212\u30fc\ufe63]/g, '-')
    .trim()
}
