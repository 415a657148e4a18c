/**
 * Ids are UUIDs (RFC 9562): version 7 where a row is born, version 5 where a row
 * has a natural key. Code and screens hold the text form, 36 lower-case
 * characters; SQLite, CBOR and entries hold the 16 bytes.
 */
import { sha1 } from '@noble/hashes/legacy.js'

import { fromHex, join, toHex, utf8, type Bytes } from './bytes'

/** The text form of an id. */
export type Id = string & { readonly __id: unique symbol }

/** Random bytes, as many as asked for. */
export type Random = (count: number) => Uint8Array

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text is an id. */
export function isId(text: string): text is Id {
  return pattern.test(text)
}

/** Reads the text form of an id. */
export function parseId(text: string): Id {
  const lower = text.toLowerCase()
  if (!isId(lower)) throw new Error(`read id: ${text.slice(0, 40)} is no UUID of 36 characters`)
  return lower
}

/** The 16 bytes of an id. */
export function idBytes(id: Id): Bytes {
  return fromHex(id.replaceAll('-', ''))
}

/** Reads the 16 bytes of an id. */
export function idOf(bytes: Uint8Array): Id {
  if (bytes.length !== 16) throw new Error(`read id: ${bytes.length} bytes, want 16`)
  const hex = toHex(bytes)
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return parseId([...parts, hex.slice(20)].join('-'))
}

/** The id of all zeroes: an epoch nobody has. */
export const noId = idOf(new Uint8Array(16))

/** Mints the key of a row that is born at `nowMillis` (UUID version 7). */
export function newId(nowMillis: number, random: Random): Id {
  const bytes = new Uint8Array(16)
  const time = BigInt(Math.max(0, Math.trunc(nowMillis)))
  new DataView(bytes.buffer).setBigUint64(0, time << 16n)
  bytes.set(random(10), 6)
  return idOf(withVersion(bytes, 7))
}

/** The namespace of our version 5 ids, as in the Go package schema. */
const naturalSpace = parseId('c98d0b7e-6d5c-5b0e-9f5e-3f7a0a6f1d53')

/**
 * The key of a row that has a natural key, such as the verification of one
 * problem in one visit: two people who record it offline meet in one row. UUID
 * version 5 over the table's name and the parts' bytes.
 */
export function naturalId(table: string, ...parts: readonly Id[]): Id {
  return naturalOf(table, ...parts.map(idBytes))
}

/**
 * The key of a row that a text names within its parent, such as a person on a roster:
 * UUID version 5 over the table's name, the parent's bytes and the text in UTF-8.
 */
export function naturalKeyId(table: string, parent: Id, key: string): Id {
  return naturalOf(table, idBytes(parent), utf8(key))
}

function naturalOf(table: string, ...parts: readonly Uint8Array[]): Id {
  const data = join(idBytes(naturalSpace), utf8(table), ...parts)
  return idOf(withVersion(sha1(data).slice(0, 16), 5))
}

function withVersion(bytes: Uint8Array, version: number): Uint8Array {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes
}
