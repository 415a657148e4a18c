/**
 * Reads the changesets that this device's SQLite makes: INSERTs and UPDATEs of
 * catalogue tables. Anything else is none of them, and travels as it is.
 */
import type { Bytes } from '../bytes'
import type { Model, Table } from './model'
import { shapeHeader, shapeIndirect, shapeUpdate } from './controls'

export const kindAbsent = 0
export const kindInteger = 1
export const kindReal = 2
export const kindText = 3
export const kindBlob = 4
export const kindNull = 5

/** One value, as it stands in a changeset. */
export interface Value {
  readonly kind: number
  /** Of an integer, as an unsigned number. */
  readonly bits: bigint
  /** Of a text or a blob. */
  readonly bytes: Uint8Array
  /** The value with its type and length. */
  readonly wire: Uint8Array
}

/** One change of a row. */
export interface Change {
  readonly table: Table
  /** The flags of its shape. */
  readonly flags: number
  /** Of an UPDATE: column 1+i is changed where bit i is set. */
  readonly filled: bigint
  readonly old: readonly Value[]
  readonly now: readonly Value[]
}

const none = new Uint8Array()
export const absent: Value = { kind: kindAbsent, bits: 0n, bytes: none, wire: none }

const opInsert = 18
const opUpdate = 23
const headerByte = 0x54
const changesMax = 1_000_000
const lengthMax = 2 ** 31 - 1

/** The changes of a changeset, or nothing if it is another one. */
export function readChanges(model: Model, changeset: Bytes): readonly Change[] | undefined {
  const changes: Change[] = []
  const reader = { bytes: changeset, at: 0 }
  let table: Table | undefined
  while (reader.at < changeset.length) {
    const header = changeset[reader.at] === headerByte
    if (header) table = readHeader(model, reader)
    const change = table && readChange(reader, table, header)
    if (!change || changes.length === changesMax) return undefined
    changes.push(change)
  }
  return changes
}

interface Reader {
  readonly bytes: Bytes
  at: number
}

function readHeader(model: Model, reader: Reader): Table | undefined {
  const { bytes, at } = reader
  const width = bytes[at + 1] ?? 0
  const nameAt = at + 2 + width
  const end = bytes.indexOf(0, nameAt)
  if (end < 0) return undefined
  const table = model.byName.get(String.fromCharCode(...bytes.subarray(nameAt, end).slice(0, 64)))
  if (!table || !startsWith(bytes.subarray(at), table.header)) return undefined
  reader.at = end + 1
  return table
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, i) => byte === bytes[i])
}

function readChange(reader: Reader, table: Table, header: boolean): Change | undefined {
  const op = reader.bytes[reader.at]
  const indirect = reader.bytes[reader.at + 1]
  if ((op !== opInsert && op !== opUpdate) || (indirect !== 0 && indirect !== 1)) return undefined
  reader.at += 2
  const update = op === opUpdate
  const old = update ? readRecord(reader, table) : []
  const now = old && readRecord(reader, table)
  if (!old || !now) return undefined
  const filled = update ? filledOf(old, now) : isWhole(now) ? 0n : undefined
  if (filled === undefined) return undefined
  const flags =
    (update ? shapeUpdate : 0) | (indirect ? shapeIndirect : 0) | (header ? shapeHeader : 0)
  return { table, flags, filled, old, now }
}

function isWhole(row: readonly Value[]): boolean {
  return row[0]?.kind !== kindNull && row.every((value) => value.kind !== kindAbsent)
}

/** Which columns an UPDATE changes; nothing where it is not as it should be. */
function filledOf(old: readonly Value[], now: readonly Value[]): bigint | undefined {
  const key = old[0]?.kind
  if (key === kindAbsent || key === kindNull || now[0]?.kind !== kindAbsent) return undefined
  let filled = 0n
  for (let i = 1; i < old.length; i++) {
    const changed = now[i]?.kind !== kindAbsent
    if ((old[i]?.kind !== kindAbsent) !== changed) return undefined
    if (changed) filled |= 1n << BigInt(i - 1)
  }
  return filled
}

function readRecord(reader: Reader, table: Table): readonly Value[] | undefined {
  const row: Value[] = []
  for (let i = 0; i < table.columns.length; i++) {
    const value = readValue(reader.bytes, reader.at)
    if (!value) return undefined
    reader.at += value.kind === kindAbsent ? 1 : value.wire.length
    row.push(value)
  }
  return row
}

/** Reads the value at a place, or nothing if there is none. */
export function readValue(bytes: Uint8Array, at: number): Value | undefined {
  const kind = bytes[at]
  switch (kind) {
    case kindAbsent:
      return absent
    case kindNull:
      return { kind, bits: 0n, bytes: none, wire: bytes.subarray(at, at + 1) }
    case kindInteger:
    case kindReal:
      return readNumber(bytes, at, kind)
    case kindText:
    case kindBlob:
      return readBytes(bytes, at, kind)
    case undefined:
    default:
      return undefined
  }
}

function readNumber(bytes: Uint8Array, at: number, kind: number): Value | undefined {
  if (bytes.length < at + 9) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at + 1, 8)
  if (kind === kindReal && Number.isNaN(view.getFloat64(0))) return undefined
  return { kind, bits: view.getBigUint64(0), bytes: none, wire: bytes.subarray(at, at + 9) }
}

function readBytes(bytes: Uint8Array, at: number, kind: number): Value | undefined {
  const lengthBytesMax = 5
  let size = 0
  for (let i = 1; i <= lengthBytesMax; i++) {
    const byte = bytes[at + i]
    if (byte === undefined || (i === 1 && byte === 0x80)) return undefined
    size = size * 128 + (byte & 0x7f)
    if (byte >= 0x80) continue
    const from = at + i + 1
    if (size > lengthMax || size > bytes.length - from) return undefined
    const part = bytes.subarray(from, from + size)
    return { kind, bits: 0n, bytes: part, wire: bytes.subarray(at, from + size) }
  }
  return undefined
}
