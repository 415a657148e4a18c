/** Asks headquarters which bytes of attachments it does not have. */
import { toHex } from '@sansuiji/protocol'

import type { Contact } from './contact'
import type { Database } from './database'
import { OfflineError } from './failure'
import type { PhotoFiles } from './photoFiles'
import { bytes } from './row'
import { bytesHere } from './uploadBytes'
import { byteStates, noteThere } from './uploadState'

/** Hashes in one question; headquarters takes no more. */
const batchMax = 1_000

/** Asks after all of which it is not known that headquarters has them, colleagues' too. */
export async function askMissing(contact: Contact, files: PhotoFiles): Promise<void> {
  const { database } = contact.store
  const states = byteStates(database)
  const named = [...namedByRows(database), ...bytesHere(database, files).map(({ hash }) => hash)]
  const asked = [...new Set(named)].filter((hash) => states.get(hash)?.there !== true)
  await settle(contact, asked)
}

/** Asks after some, whatever was known. Gives those that headquarters has. */
export async function settle(
  contact: Contact,
  hashes: readonly string[],
): Promise<readonly string[]> {
  const { database } = contact.store
  const found: string[] = []
  for (let i = 0; i < hashes.length; i += batchMax) {
    const batch = hashes.slice(i, i + batchMax)
    const missing = await missingOf(contact, batch)
    const there = batch.filter((hash) => !missing.has(hash))
    const known = byteStates(database)
    noteThere(database, there, true)
    const lost = batch.filter((hash) => missing.has(hash) && known.get(hash)?.there === true)
    noteThere(database, lost, false)
    found.push(...there)
  }
  return found
}

async function missingOf(
  contact: Contact,
  hashes: readonly string[],
): Promise<ReadonlySet<string>> {
  const path = '/api/v1/photos/missing'
  const answer = await contact.send({ method: 'POST', path, body: { hashes } })
  const missing: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'missing') : undefined
  // Whoever answers something else has not said that it has them.
  if (!Array.isArray(missing)) throw new OfflineError(`${path}: no list`)
  return new Set(missing.map(String))
}

function namedByRows(database: Database): readonly string[] {
  const select = 'SELECT DISTINCT hash FROM attachment'
  return database.rows(select).map((row) => toHex(bytes(row, 'hash')))
}
