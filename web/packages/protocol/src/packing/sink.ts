/** Streams that a packed run is written to. */
import type { Bytes } from '../bytes'

/** Bytes that grow. */
export class Sink {
  #bytes = new Uint8Array(256)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(byte: number): void {
    this.#grow(1)
    this.#bytes[this.#length++] = byte
  }

  append(bytes: Uint8Array): void {
    this.#grow(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Takes back what was written since it had the given length. */
  cut(length: number): void {
    this.#length = length
  }

  /** Writes over a byte. */
  put(at: number, byte: number): void {
    this.#bytes[at] = byte
  }

  /** What was written; another write may change it. */
  bytes(): Bytes {
    return this.#bytes.subarray(0, this.#length)
  }

  #grow(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const more = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count))
    more.set(this.bytes())
    this.#bytes = more
  }
}

/** Appends an unsigned LEB128 number. */
export function pushUvarint(sink: Sink, value: bigint): void {
  let rest = value
  for (; rest >= 0x80n; rest >>= 7n) sink.push(Number(rest & 0x7fn) | 0x80)
  sink.push(Number(rest))
}
