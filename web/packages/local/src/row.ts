/** Reads cells of a row as what the tables say they are. */
import { idOf, type Id } from '@sansuiji/protocol'

import type { Row } from './database'

function wrong(row: Row, name: string, want: string): Error {
  return new Error(`read column ${name}: ${typeof row[name]}, want ${want}`)
}

/** A text that is there. */
export function text(row: Row, name: string): string {
  const value = row[name]
  if (typeof value !== 'string') throw wrong(row, name, 'text')
  return value
}

/** A text or nothing. */
export function maybeText(row: Row, name: string): string | null {
  return row[name] === null ? null : text(row, name)
}

/** An integer that is there. */
export function integer(row: Row, name: string): number {
  const value = row[name]
  if (typeof value !== 'number') throw wrong(row, name, 'integer')
  return value
}

/** An integer or nothing. */
export function maybeInteger(row: Row, name: string): number | null {
  return row[name] === null ? null : integer(row, name)
}

/** Bytes that are there. */
export function bytes(row: Row, name: string): Uint8Array {
  const value = row[name]
  if (!(value instanceof Uint8Array)) throw wrong(row, name, 'bytes')
  return value
}

/** An id that is there. */
export function id(row: Row, name: string): Id {
  return idOf(bytes(row, name))
}

/** An id or nothing. */
export function maybeId(row: Row, name: string): Id | null {
  return row[name] === null ? null : id(row, name)
}
