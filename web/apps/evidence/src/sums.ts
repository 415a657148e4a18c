/** Sums of bytes that need not fit in memory. */
import { sha256 } from '@noble/hashes/sha2.js'

import { toHex } from '@sansuiji/protocol'

import { crc32 } from './crc'

/** How much is read at a time. */
const portion = 8 << 20

export interface Sums {
  readonly sha256: string
  readonly crc: number
}

/** The sums of some bytes; those of a part are set right where `mend` says so. */
export async function sumsOf(
  blob: Blob,
  mend?: { readonly at: number; readonly change: number },
): Promise<Sums> {
  const hash = sha256.create()
  const whole = blob.size <= portion ? webDigest() : undefined
  let crc = 0
  for (let at = 0; at < blob.size || at === 0; at += portion) {
    const bytes = new Uint8Array(await blob.slice(at, at + portion).arrayBuffer())
    if (mend && mend.at >= at && mend.at < at + bytes.length) {
      bytes[mend.at - at] = (bytes[mend.at - at] ?? 0) ^ mend.change
    }
    crc = crc32(bytes, crc)
    if (whole) return { sha256: toHex(new Uint8Array(await whole(bytes))), crc }
    hash.update(bytes)
  }
  return { sha256: toHex(hash.digest()), crc }
}

/** The browser's own hash, which a page from a disk may lack. */
function webDigest(): ((bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>) | undefined {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle
  return subtle && ((bytes) => subtle.digest('SHA-256', bytes))
}
