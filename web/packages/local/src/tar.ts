/** Tar files (POSIX ustar) as a stream of pieces: members of a known size, one after another. */
import { utf8, type Bytes } from '@sansuiji/protocol'

/** A member: its name in ASCII, its size, and its bytes when its turn comes. */
export interface Member {
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly bytes: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

const block = 512

/** The header before a member's bytes. */
export function tarHeader(name: string, size: number): Bytes {
  const header = new Uint8Array(block)
  const put = (text: string, at: number) => {
    header.set(utf8(text), at)
  }
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0')
  put(name, 0)
  put(`${octal(0o600, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100) // mode, user, group
  put(`${octal(size, 11)}\0${octal(0, 11)}\0`, 124) // size, time
  put('        0', 148) // room for the sum, and: a regular file
  put('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  put(`${octal(sum, 6)}\0 `, 148)
  return header
}

/** The file, piece by piece. A member that is not as long as it said makes it fail. */
export async function* tarOf(members: Iterable<Member>): AsyncGenerator<Uint8Array> {
  for (const { name, size, bytes } of members) {
    yield tarHeader(name, size)
    let length = 0
    for await (const piece of bytes()) {
      length += piece.length
      yield piece
    }
    if (length !== size) throw new Error(`tar: ${name} has ${length} bytes, not ${size}`)
    const rest = size % block
    if (rest > 0) yield new Uint8Array(block - rest)
  }
  yield new Uint8Array(2 * block)
}
