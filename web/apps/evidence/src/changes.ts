/** Reads what an entry's changeset writes, row by row. */
import { idOf, readValue, type WireValue } from '@sansuiji/protocol'

import { rowKey } from './load'

/** The new values of a row by place, the key first; undefined where one is not written. */
export type NewValues = readonly (WireValue | undefined)[]

const tableByte = 0x54
const opDelete = 9
const opInsert = 18
const opUpdate = 23
const kindAbsent = 0
const kindBlob = 4

/** What a changeset writes, by row. */
export function changesOf(bytes: Uint8Array): ReadonlyMap<string, NewValues> {
  const changes = new Map<string, NewValues>()
  const reader = new Reader(bytes)
  let table = { name: '', width: 0 }
  while (!reader.atEnd()) {
    const first = reader.byte()
    if (first === tableByte) {
      table = reader.header()
      continue
    }
    if (first !== opInsert && first !== opUpdate && first !== opDelete) throw malformed('change')
    reader.byte() // made by a trigger or not
    const old = first === opInsert ? [] : reader.record(table.width)
    const now = first === opDelete ? [] : reader.record(table.width)
    const key = (first === opInsert ? now : old)[0]
    if (key?.kind !== kindBlob) throw malformed('key')
    changes.set(rowKey(table.name, idOf(key.bytes)), now)
  }
  return changes
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw malformed('end')
    return byte
  }

  /** The number of columns, a flag for each, and the name, ended by a zero. */
  header(): { name: string; width: number } {
    let width = 0
    for (let more = true; more;) {
      const byte = this.byte()
      width = width * 128 + (byte & 0x7f)
      more = byte >= 0x80
    }
    const from = this.#at + width
    const end = this.#bytes.indexOf(0, from)
    if (width === 0 || end < 0) throw malformed('table')
    this.#at = end + 1
    return { name: new TextDecoder().decode(this.#bytes.subarray(from, end)), width }
  }

  record(width: number): NewValues {
    return Array.from({ length: width }, () => {
      const value = readValue(this.#bytes, this.#at)
      if (value === undefined) throw malformed('value')
      this.#at += value.kind === kindAbsent ? 1 : value.wire.length
      return value.kind === kindAbsent ? undefined : value
    })
  }
}

function malformed(what: string): Error {
  return new Error(`read changeset: malformed: ${what}`)
}
