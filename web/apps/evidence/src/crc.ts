/** CRC-32 as archives have it, and what of one can be told of a byte that changed. */

const table = Uint32Array.from({ length: 256 }, (_, start) => {
  let value = start
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** The places in the table by the highest byte there, which no two have. */
const rank = new Uint8Array(256)
for (const [place, value] of table.entries()) rank[value >>> 24] = place

/** The CRC-32 of bytes that follow others of a CRC-32. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}

/**
 * Finds the one byte that changed in bytes whose CRC-32 was another, if it is one. A CRC is
 * linear: the difference of two is that of the changed byte alone, run on by one zero byte
 * for each that follows it. So it is run back from the end until it is one byte's. `isIt`
 * says whether a change, as a pattern of bits, sets all right: by chance some seem to.
 */
export async function locate(
  size: number,
  have: number,
  had: number,
  isIt: (at: number, change: number) => Promise<boolean>,
): Promise<boolean> {
  let state = (have ^ had) >>> 0
  for (let at = size - 1; at >= 0 && state !== 0; at--) {
    const of = rank[state >>> 24] ?? 0
    const value = table[of] ?? 0
    if (value === state && (await isIt(at, of))) return true
    state = (((state ^ value) << 8) | of) >>> 0
  }
  return false
}
