/** The numbers of a key. */
import { sha256 } from '@noble/hashes/sha2.js'

import type { Key } from './bytes'

const wordEnd = 0x1_0000_0000

/** SHA-256 of the key and a counter, eight words of 32 bits a block. */
export class Stream {
  readonly #keyed = sha256.create()
  /** Hashes every block in the same memory: a route takes twenty thousand. */
  readonly #hash = sha256.create()
  readonly #counter = new DataView(new ArrayBuffer(8))
  readonly #block = new DataView(new ArrayBuffer(32))
  #next = 8
  #count = 0

  /** A key's stream at its beginning. */
  constructor(key: Key) {
    this.#keyed.update(key)
  }

  /** A number from 0 to m-1, each as likely; 1 ≤ m ≤ 2^32. */
  below(m: number): number {
    if (!(m >= 1 && m <= wordEnd)) throw new Error(`draw below ${m}: not from 1 to 2^32`)
    // Shifts and masks see 2^32 as 0, of which the mask is all ones: what is wanted.
    if ((m & (m - 1)) === 0) return (this.#word() & (m - 1)) >>> 0
    const limit = wordEnd - (wordEnd % m)
    for (;;) {
      const word = this.#word()
      if (word < limit) return word % m
    }
  }

  /** A number from 0 to m-1, each as likely; m ≥ 1. */
  belowBig(m: bigint): bigint {
    if (m < 1n) throw new Error(`draw below ${m.toString()}: not from 1`)
    const words = Math.ceil(m.toString(2).length / 32)
    const end = 1n << BigInt(32 * words)
    const limit = end - (end % m)
    for (;;) {
      let v = 0n
      for (let i = 0; i < words; i++) v = (v << 32n) | BigInt(this.#word())
      if (v < limit) return v % m
    }
  }

  #word(): number {
    if (this.#next === 8) this.#refill()
    return this.#block.getUint32(4 * this.#next++)
  }

  #refill(): void {
    const [counter, block] = [this.#counter, this.#block]
    counter.setUint32(0, Math.floor(this.#count / wordEnd))
    counter.setUint32(4, this.#count % wordEnd)
    this.#count++
    const hash = this.#keyed._cloneInto(this.#hash)
    hash.update(new Uint8Array(counter.buffer)).digestInto(new Uint8Array(block.buffer))
    this.#next = 0
  }
}
