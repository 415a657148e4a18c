/**
 * An entry is one device transaction with its place in the device's chain. Its
 * canonical bytes are what is hashed, signed and kept; Go and TypeScript share
 * testdata/chain/vectors.json.
 */
import { sha256 } from '@noble/hashes/sha2.js'

import { compareBytes, copy, join, utf8, type Bytes } from './bytes'
import type { HybridTime } from './clock'
import { idBytes, idOf, type Id } from './id'

/** A device's entries up to `seq` are known. */
export interface DeviceHead {
  readonly device: Id
  readonly seq: number
}

/** What an entry's author knew of others. */
export interface Seen {
  readonly epoch: Id
  /** Headquarters' revision last pulled completely. */
  readonly revision: number
  readonly heads: readonly DeviceHead[]
}

/** One device transaction. */
export interface Entry {
  readonly campaign: Id
  readonly device: Id
  /** 1, 2, … */
  readonly seq: number
  /** Hash of the entry before, or the genesis hash. 32 bytes. */
  readonly previous: Uint8Array
  readonly clock: HybridTime
  /** What the device's clock showed, Unix milliseconds. */
  readonly wallAt: number
  /** Schema version of the changeset's tables. */
  readonly schema: number
  readonly seen: Seen
  readonly changeset: Uint8Array
}

const entryDomain = utf8('sansuiji/entry/1\n')
const genesisDomain = utf8('sansuiji/genesis/1\n')
const headDomain = utf8('sansuiji/head/1\n')
const enrolDomain = utf8('sansuiji/enrol/1\n')

const hashSize = 32
/** The largest entry headquarters takes, in bytes. */
export const entryMax = 16 << 20
const headsMax = 1024

/**
 * The entry's canonical bytes: the domain, then campaign (16), device (16), seq
 * (8), previous (32), clock (8), wall (8), schema (4), epoch (16), revision (8),
 * the number of heads (2) and each head's device (16) and seq (8), the
 * changeset's length (4) and the changeset. Integers are big-endian.
 */
export function entryBytes(entry: Entry): Bytes {
  const heads = entry.seen.heads
    .map((head) => join(idBytes(head.device), uint64(BigInt(head.seq))))
    .sort(compareBytes)
  return join(
    entryDomain,
    idBytes(entry.campaign),
    idBytes(entry.device),
    uint64(BigInt(entry.seq)),
    entry.previous,
    uint64(entry.clock),
    uint64(BigInt.asUintN(64, BigInt(entry.wallAt))),
    uint32(entry.schema),
    idBytes(entry.seen.epoch),
    uint64(BigInt(entry.seen.revision)),
    uint16(heads.length),
    ...heads,
    uint32(entry.changeset.length),
    entry.changeset,
  )
}

/** Reads canonical bytes. Only what `entryBytes` writes is accepted. */
export function parseEntry(bytes: Uint8Array): Entry {
  const r = new Reader(bytes)
  if (compareBytes(r.take(entryDomain.length), entryDomain) !== 0) throw malformed('domain')
  const campaign = idOf(r.take(16))
  const device = idOf(r.take(16))
  const seq = r.number()
  const previous = copy(r.take(hashSize))
  const clock = r.uint64()
  const wallAt = Number(BigInt.asIntN(64, r.uint64()))
  const schema = r.uint(4)
  const epoch = idOf(r.take(16))
  const revision = r.number()
  const count = r.uint(2)
  if (count > headsMax) throw malformed(`${count} heads`)
  const heads = Array.from({ length: count }, () => ({
    device: idOf(r.take(16)),
    seq: r.number(),
  }))
  const changeset = copy(r.take(r.uint(4)))
  if (!r.atEnd()) throw malformed('bytes after the changeset')
  const seen = { epoch, revision, heads }
  return { campaign, device, seq, previous, clock, wallAt, schema, seen, changeset }
}

/** SHA-256 of an entry's canonical bytes. */
export function entryHash(canonical: Uint8Array): Bytes {
  return copy(sha256(canonical))
}

/**
 * The previous hash of a device's first entry; it binds the chain to the key
 * that was enrolled (SubjectPublicKeyInfo, DER).
 */
export function genesisHash(campaign: Id, device: Id, publicKey: Uint8Array): Bytes {
  return copy(sha256(join(genesisDomain, idBytes(campaign), idBytes(device), publicKey)))
}

/** What a device signs when it pushes: the place and the hash of the newest entry. */
export function headBytes(campaign: Id, device: Id, seq: number, hash: Uint8Array): Bytes {
  return join(headDomain, idBytes(campaign), idBytes(device), uint64(BigInt(seq)), hash)
}

/** What a device signs when it enrols. */
export function enrolBytes(code: string, device: Id, publicKey: Uint8Array): Bytes {
  return join(enrolDomain, utf8(code), idBytes(device), publicKey)
}

function malformed(what: string): Error {
  return new Error(`read entry: malformed: ${what}`)
}

/** Takes fields off the front of bytes. */
class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    if (bytes.length > entryMax) throw malformed(`${bytes.length} bytes`)
    this.#bytes = bytes
  }

  take(count: number): Uint8Array {
    const part = this.#bytes.subarray(this.#at, this.#at + count)
    if (part.length !== count) throw malformed('too short')
    this.#at += count
    return part
  }

  uint(size: number): number {
    return this.take(size).reduce((sum, b) => sum * 256 + b, 0)
  }

  uint64(): bigint {
    return this.take(8).reduce((sum, b) => (sum << 8n) | BigInt(b), 0n)
  }

  number(): number {
    const value = Number(this.uint64())
    if (!Number.isSafeInteger(value)) throw malformed(`number ${value}`)
    return value
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length
  }
}

function uint16(value: number): Bytes {
  const out = new Uint8Array(2)
  new DataView(out.buffer).setUint16(0, value)
  return out
}

function uint32(value: number): Bytes {
  const out = new Uint8Array(4)
  new DataView(out.buffer).setUint32(0, value)
  return out
}

function uint64(value: bigint): Bytes {
  const out = new Uint8Array(8)
  new DataView(out.buffer).setBigUint64(0, value)
  return out
}
