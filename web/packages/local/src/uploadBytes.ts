/** Which bytes of attachments are on this phone: files of photos, and signatures in the database. */
import { copy } from '@sansuiji/protocol'

import type { Database } from './database'
import type { PhotoFiles } from './photoFiles'
import { integer, text } from './row'
import { get } from './state'
import { byteStates, hashesInForms, type ByteState } from './uploadState'

/** Bytes that are here and that a row of this device names. */
export interface Bytes {
  /** SHA-256 in hexadecimal. */
  readonly hash: string
  /** Bytes. */
  readonly size: number
  readonly state: ByteState
  /** Whether it is a photo, whose preview can stay when the bytes go. */
  readonly photo: boolean
}

const signatureList = `
  SELECT SUBSTR(name, 11) AS hash, LENGTH(value) AS size FROM device_state
  WHERE name >= 'signature:' AND name < 'signature;'`

const none: ByteState = { kept: true, there: false, failure: null }

/** All bytes of attachments that are here, without those that only a form names yet. */
export function bytesHere(database: Database, files: PhotoFiles): readonly Bytes[] {
  const states = byteStates(database)
  const photos = [...states].flatMap(([hash, state]) => {
    const size = state.kept ? files.sizeOf(hash) : undefined
    return size === undefined ? [] : [{ hash, size, state, photo: true }]
  })
  const signatures = database.rows(signatureList).map((row) => {
    const hash = text(row, 'hash')
    return { hash, size: integer(row, 'size'), state: states.get(hash) ?? none, photo: false }
  })
  return [...photos, ...signatures]
}

/** Reads bytes that are here. */
export async function readBytes(
  database: Database,
  files: PhotoFiles,
  hash: string,
): Promise<Blob | null> {
  const signature = get(database, `signature:${hash}`)
  if (signature instanceof Uint8Array) return new Blob([copy(signature)])
  return files.read(hash)
}

/**
 * Removes files that nothing names: a kill came between their bytes and their row. Call it
 * before anything is kept. Gives how many went.
 */
export async function sweep(database: Database, files: PhotoFiles): Promise<number> {
  const states = byteStates(database)
  const inForms = hashesInForms(database)
  const orphans = files.names().filter((name) => {
    const hash = name.split('.')[0] ?? name
    return !inForms.has(hash) && states.get(hash)?.kept !== true
  })
  for (const name of orphans) await files.remove(name)
  return orphans.length
}
