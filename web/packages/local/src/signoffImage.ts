/**
 * A signature on the glass: its row is written with the sign-off, its bytes stay in
 * this device's state, named by their hash, until they are sent like other bytes.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { idBytes, newId, toHex, type Id } from '@sansuiji/protocol'

import type { Saving } from './capture'
import type { Database } from './database'
import { get, set } from './state'
import { put } from './write'

/** A picture of a signature. */
export interface Signature {
  /** A PNG file. */
  readonly png: Uint8Array
  /** Pixels. */
  readonly width: number
  readonly height: number
}

/** A larger picture is not a signature. Bytes. */
export const signatureMax = 512 * 1024

/** Writes the attachment's row and keeps its bytes, in the sign-off's transaction. */
export function keepSignature(
  saving: Saving,
  of: { readonly visit: Id; readonly signoff: Id; readonly signature: Signature },
): Id {
  const { png, width, height } = of.signature
  if (png.length > signatureMax) throw new Error(`signature: ${png.length} bytes`)
  const hash = sha256(png)
  const attachment = newId(saving.at, saving.random)
  set(saving.database, nameOf(hash), png)
  put(saving, 'attachment', attachment, {
    visit_id: idBytes(of.visit),
    subject_table: 'signoff',
    subject_id: idBytes(of.signoff),
    kind: 'signature',
    hash,
    size: png.length,
    media_type: 'image/png',
    width,
    height,
    source: 'screen',
    taken_at: saving.at,
    inspector_id: idBytes(saving.identity.inspector),
  })
  return attachment
}

/** The kept bytes of a signature; null when they are not on this device. */
export function signatureBytes(database: Database, attachment: Id): Uint8Array | null {
  const row = database.row('SELECT hash FROM attachment WHERE id = ?', idBytes(attachment))
  const hash = row?.['hash']
  const kept = hash instanceof Uint8Array ? get(database, nameOf(hash)) : null
  return kept instanceof Uint8Array ? kept : null
}

function nameOf(hash: Uint8Array): `signature:${string}` {
  return `signature:${toHex(hash)}`
}
