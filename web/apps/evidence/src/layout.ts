/** The structure of an archive in which nothing is compressed: it follows from the members. */
import { join, utf8 } from '@sansuiji/protocol'

/** A member with its place in the archive. */
export interface Placed {
  readonly path: string
  readonly size: number
  /** Of its local header. */
  readonly offset: number
}

/** A time as headers have it. */
export interface Stamp {
  readonly date: number
  readonly time: number
}

export const localSize = 30
export const centralSize = 46
export const endSize = 22
export const wideEndSize = 56
export const locatorSize = 20
const wideExtraSize = 12
export const localSign = 0x04034b50
export const centralSign = 0x02014b50
export const endSign = 0x06054b50
const version = 20
const wideVersion = 45
const madeBy = (3 << 8) | version
const utf8Names = 0x0800
const readable = 0o100644 * 65_536
const most16 = 0xffff
export const most32 = 0xffffffff

/** Where a member's bytes begin. */
export function dataOf({ path, offset }: Placed): number {
  return offset + localSize + utf8(path).length
}

/** Gives members their places, in their order. */
export function place(
  members: readonly { readonly path: string; readonly size: number }[],
): readonly Placed[] {
  let offset = 0
  return members.map(({ path, size }) => {
    const placed = { path, size, offset }
    offset = dataOf(placed) + size
    return placed
  })
}

const zoneMillis = 8 * 3_600_000

/** A moment in the campaign's zone, UTC+8; none is before 1980. */
export function stampOf(millis: number): Stamp {
  const t = new Date(millis + zoneMillis)
  const year = t.getUTCFullYear()
  if (year < 1980 || year > 2107) return { date: (1 << 5) | 1, time: 0 }
  return {
    date: ((year - 1980) << 9) | ((t.getUTCMonth() + 1) << 5) | t.getUTCDate(),
    time: (t.getUTCHours() << 11) | (t.getUTCMinutes() << 5) | (t.getUTCSeconds() >> 1),
  }
}

/** A number and how many bytes it takes, little-endian. */
type Field = readonly [value: number, size: 2 | 4 | 8]

function fields(...list: readonly Field[]): Uint8Array {
  const bytes: number[] = []
  for (const [value, size] of list) {
    for (let rest = value, i = 0; i < size; i++, rest = Math.floor(rest / 256))
      bytes.push(rest % 256)
  }
  return Uint8Array.from(bytes)
}

/** The header before a member's bytes. */
export function localHeader({ path, size }: Placed, crc: number, at: Stamp): Uint8Array {
  const name = utf8(path)
  const head = fields(
    ...([[localSign, 4]] as const),
    ...([version, utf8Names, 0, at.time, at.date].map((n) => [n, 2]) as Field[]),
    ...([crc, size, size].map((n) => [n, 4]) as Field[]),
    ...([name.length, 0].map((n) => [n, 2]) as Field[]),
  )
  return join(head, name)
}

/** A member's entry in the directory at the end. */
export function centralHeader({ path, size, offset }: Placed, crc: number, at: Stamp): Uint8Array {
  const name = utf8(path)
  const isWide = offset >= most32
  const needs = isWide ? wideVersion : version
  const head = fields(
    ...([[centralSign, 4]] as const),
    ...([madeBy, needs, utf8Names, 0, at.time, at.date].map((n) => [n, 2]) as Field[]),
    ...([crc, size, size].map((n) => [n, 4]) as Field[]),
    ...([name.length, isWide ? wideExtraSize : 0, 0, 0, 0].map((n) => [n, 2]) as Field[]),
    ...([readable, Math.min(offset, most32)].map((n) => [n, 4]) as Field[]),
  )
  return isWide ? join(head, name, fields([1, 2], [8, 2], [offset, 8])) : join(head, name)
}

/** What closes the archive, after a directory at an offset. */
export function closing(count: number, size: number, offset: number): Uint8Array {
  const short = Math.min(count, most16)
  const end = fields(
    ...([[endSign, 4]] as const),
    ...([0, 0, short, short].map((n) => [n, 2]) as Field[]),
    ...([Math.min(size, most32), Math.min(offset, most32)].map((n) => [n, 4]) as Field[]),
    [0, 2],
  )
  if (count < most16 && size < most32 && offset < most32) return end
  const wide = fields(
    ...([
      [0x06064b50, 4],
      [wideEndSize - 12, 8],
      [wideVersion, 2],
      [wideVersion, 2],
    ] as const),
    ...([
      [0, 4],
      [0, 4],
      [count, 8],
      [count, 8],
      [size, 8],
      [offset, 8],
    ] as const),
    ...([
      [0x07064b50, 4],
      [0, 4],
      [offset + size, 8],
      [1, 4],
    ] as const),
  )
  return join(wide, end)
}
