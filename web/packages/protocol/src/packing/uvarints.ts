/** Unsigned LEB128 numbers of up to 64 bits. */

/** Says that bytes are no packed run. */
export function malformed(what: string): Error {
  return new Error(`read run: malformed: ${what}`)
}

/** Takes numbers off bytes, from a place on. */
export class Uvarints {
  readonly #bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  /** A number up to a limit. */
  next(most: bigint): bigint {
    const bytesMax = 10
    let value = 0n
    for (let i = 0; i < bytesMax; i++) {
      const byte = this.#bytes[this.at++]
      if (byte === undefined) break
      value |= BigInt(byte & 0x7f) << BigInt(7 * i)
      if (byte >= 0x80) continue
      if (value > most) break
      return value
    }
    throw malformed('number')
  }

  small(most: number): number {
    return Number(this.next(BigInt(most)))
  }
}
