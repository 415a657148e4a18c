/** Asks headquarters what it has of a device whose data this browser has lost. */
import { copy, idBytes, parsePushAnswer, type Id } from '@sansuiji/protocol'

import type { Clock } from './capture'
import { openContact } from './contact'
import { openMemory } from './database'
import type { Server } from './http'
import type { KeyStore } from './keys'
import { set } from './state'
import type { Random } from '@sansuiji/protocol'

/** What is still known of it. */
export interface LostDevice {
  readonly device: Id
  readonly campaign: Id
}

/** What asking needs. */
export interface Asker {
  readonly server: Server
  readonly keys: KeyStore
  readonly clock: Clock
  readonly random: Random
}

/**
 * How many of its entries headquarters has; null where the key went with the data, so that
 * nobody can ask. It fails where headquarters does not answer.
 */
export async function heldByHeadquarters(
  { server, keys, clock, random }: Asker,
  { device, campaign }: LostDevice,
): Promise<number | null> {
  const key = await keys.load()
  if (!key) return null
  // Its identity in a database that lasts as long as the question.
  const database = await openMemory()
  try {
    set(database, 'device_id', idBytes(device))
    set(database, 'campaign_id', idBytes(campaign))
    set(database, 'public_key', copy(key.publicKey))
    const store = { database, clock, random }
    const contact = openContact({ store, server, key, progress: () => undefined })
    const body = { campaign_id: campaign, device_id: device, entries: [] }
    const answer = await contact.send({ method: 'POST', path: '/api/v1/push', body })
    return parsePushAnswer(answer).next - 1
  } finally {
    database.close()
  }
}
