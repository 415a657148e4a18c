/** Hashes, keys and tickets, and the bytes that they are made of. */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex, type Bytes } from '@sansuiji/protocol'

/** The name of this norm in plans and certificates. */
export const spec = 'trs1'

/** The name of the hash that everything is built on. */
export const suite = 'sha256'

/** A SHA-256 hash as documents have it: 64 lower-case hexadecimal digits. */
export type Hash = string & { readonly __hash: unique symbol }

/** A key that a choice is made with: 32 bytes. */
export type Key = Uint8Array

/** What a key gives an id: 32 bytes, compared bytewise. The lowest win. */
export type Ticket = Uint8Array

/** Whether a text is a hash. */
export function isHash(text: string): text is Hash {
  return /^[0-9a-f]{64}$/.test(text)
}

/** The hash of 32 bytes, as documents have it. */
export function hashOf(bytes: Uint8Array): Hash {
  const text = toHex(bytes)
  if (!isHash(text)) throw new Error(`write hash: ${bytes.length} bytes`)
  return text
}

/** The hash of nothing before. */
export const noHash = hashOf(new Uint8Array(32))

/** SHA-256. */
export function sum(bytes: Uint8Array): Uint8Array {
  return fresh._cloneInto(again).update(bytes).digest()
}

/** A hash that nothing was fed to, and one in whose memory all are made: frames have thousands. */
const [fresh, again] = [sha256.create(), sha256.create()]

/** Bytes that grow; lengths and integers are big-endian. */
export class Writer {
  #bytes = new Uint8Array(256)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  /** Forgets what was written. */
  clear(): this {
    this.#length = 0
    return this
  }

  byte(n: number): this {
    this.#grow(1)
    this.#bytes[this.#length++] = n
    return this
  }

  /** 32 bits; a negative number as its two's complement. */
  word(n: number): this {
    this.#grow(4)
    this.#view.setInt32(this.#length, n)
    this.#length += 4
    return this
  }

  /** 64 bits of a number from 0 to 2^53-1. */
  long(n: number): this {
    const low = n % 0x1_0000_0000
    return this.word((n - low) / 0x1_0000_0000).word(low)
  }

  raw(bytes: Uint8Array): this {
    this.#grow(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  /** LP(part): the length in four bytes, and the bytes; a text as UTF-8. */
  part(part: string | Uint8Array): this {
    if (typeof part !== 'string') return this.word(part.length).raw(part)
    this.#grow(4 + 3 * part.length)
    const { written } = encoder.encodeInto(part, this.#bytes.subarray(this.#length + 4))
    this.word(written)
    this.#length += written
    return this
  }

  /** What was written; the next writing changes it. */
  bytes(): Bytes {
    return this.#bytes.subarray(0, this.#length)
  }

  #grow(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const more = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count))
    more.set(this.bytes())
    this.#bytes = more
    this.#view = new DataView(more.buffer)
  }
}

const encoder = new TextEncoder()

/** TAG(label, parts…). */
export function tag(label: string, ...parts: readonly (string | Uint8Array)[]): Bytes {
  scratch.clear().part(`${spec}/${label}`)
  for (const part of parts) scratch.part(part)
  return scratch.bytes().slice()
}

/** Where tags are written: rosters have thousands. */
const scratch = new Writer()

/** Draws the tickets of a key, whose two pads are hashed once. */
export function ticketing(key: Key): (id: string) => Ticket {
  const mac = hmac.create(sha256, key)
  const again = mac.clone() // in the same memory for each id: rosters have thousands
  const writer = new Writer()
  return (id) => mac._cloneInto(again).update(writer.clear().part(id).bytes()).digest()
}

/**
 * Below zero, zero or above as the UTF-8 of `a` sorts before, with or after that of
 * `b`. The languages of browsers sort surrogates before the last of what fits one unit.
 */
export function compareText(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return place(x) - place(y)
  }
  return a.length - b.length
}

/** Where a code unit sorts: surrogates above all others. */
function place(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800
  return unit >= 0xd800 ? unit + 0x2000 : unit
}
