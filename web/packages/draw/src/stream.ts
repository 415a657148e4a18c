/** The numbers of a key. */
import { sha256 } from '@noble/hashes/sha2.js'

import type { Key } from './bytes'

const wordEnd = 0x1_0000_0000

/** SHA-256 of the key and a counter, eight words of 32 bits a block. */
export class Stream {
  readonly #input = new Uint8Array(40) // key, counter
  readonly #block = new Uint32Array(8)
  #next = 8
  #count = 0

  /** A key's stream at its beginning. */
  constructor(key: Key) {
    this.#input.set(key)
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
    return this.#block[this.#next++] ?? 0
  }

  #refill(): void {
    const counter = new DataView(this.#input.buffer)
    counter.setUint32(32, Math.floor(this.#count / wordEnd))
    counter.setUint32(36, this.#count % wordEnd)
    this.#count++
    const bytes = sha256(this.#input)
    const block = new DataView(bytes.buffer, bytes.byteOffset)
    for (let i = 0; i < 8; i++) this.#block[i] = block.getUint32(4 * i)
    this.#next = 0
  }
}
