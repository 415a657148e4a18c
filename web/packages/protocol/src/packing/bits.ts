/** Numbers without gaps between them, the highest bit first. */
import type { Bytes } from '../bytes'
import { Sink } from './sink'

/** How many bits a number of up to 64 bits has. */
export function bitLength(value: bigint): number {
  const high = Number(value >> 32n)
  if (high > 0) return 64 - Math.clz32(high)
  return 32 - Math.clz32(Number(value))
}

/** Maps numbers near zero, of either sign, to small ones; all modulo 2^64. */
export function zigzag(value: bigint): bigint {
  const signed = BigInt.asIntN(64, value)
  return BigInt.asUintN(64, (signed << 1n) ^ (signed >> 63n))
}

export function unzigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value >> 1n) ^ -(value & 1n))
}

/** Writes bits. */
export class BitWriter {
  readonly #sink = new Sink()
  #last = 0
  #count = 0

  /** Appends the lowest bits of a number, up to 64. */
  write(value: bigint, bits: number): void {
    if (bits > 24) {
      this.write(value >> 24n, bits - 24)
      this.#small(Number(value & 0xffffffn), 24)
      return
    }
    this.#small(Number(value & 0xffffffn), bits)
  }

  /** Writes a number without its highest one and returns its class: how many bits it has. */
  magnitude(value: bigint): number {
    const length = bitLength(value)
    if (length > 1) this.write(value, length - 1)
    return length
  }

  /** All that was written, filled up with zero bits. */
  bytes(): Bytes {
    if (this.#count === 0) return this.#sink.bytes()
    const all = new Uint8Array(this.#sink.length + 1)
    all.set(this.#sink.bytes())
    all[all.length - 1] = this.#last << (8 - this.#count)
    return all
  }

  #small(value: number, bits: number): void {
    let left = bits
    while (left > 0) {
      const take = Math.min(left, 8 - this.#count)
      left -= take
      this.#last = (this.#last << take) | ((value >>> left) & ((1 << take) - 1))
      this.#count += take
      if (this.#count === 8) {
        this.#sink.push(this.#last & 0xff)
        this.#last = 0
        this.#count = 0
      }
    }
  }
}

/** Reads what a BitWriter wrote; past the end it reads zeroes. */
export class BitReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  read(bits: number): bigint {
    let value = 0n
    for (let left = bits; left > 0;) {
      const take = Math.min(left, 8 - (this.#at & 7))
      const byte = this.#bytes[this.#at >> 3] ?? 0
      const part = (byte >> (8 - (this.#at & 7) - take)) & ((1 << take) - 1)
      value = (value << BigInt(take)) | BigInt(part)
      this.#at += take
      left -= take
    }
    return value
  }

  magnitude(bits: number): bigint {
    if (bits < 2) return BigInt(bits)
    return (1n << BigInt(bits - 1)) | this.read(bits - 1)
  }

  /** Whether all was read, but for the zero bits that fill the last byte. */
  done(): boolean {
    const left = this.#bytes.length * 8 - this.#at
    return left >= 0 && left < 8 && this.read(left) === 0n
  }
}
