/**
 * Sends entries in their compact form where that will do. What else there is to tell
 * headquarters, and what it wants to see whole, goes in the plain form.
 */
import {
  beforeMax,
  genesisHash,
  noId,
  packedBody,
  packRun,
  type Place,
  type PushRequest,
} from '@sansuiji/protocol'

import { hasAlarm } from './alarm'
import { keptCheckpoints } from './checkpoint'
import type { Contact } from './contact'
import type { Database } from './database'
import { isProblem } from './failure'
import { entriesBefore, type OutboxEntry } from './outbox'
import { getId, requireIdentity } from './state'

/** What headquarters answers where it wants the plain form, or does not know this one. */
const plainCodes = ['push-plain-wanted', 'bad-request', 'not-found', 'method-not-allowed'] as const

/** The answer to a packed push; undefined says that the plain form has to go. */
export async function sendPacked(
  contact: Contact,
  run: readonly OutboxEntry[],
  plain: Pick<PushRequest, 'signature' | 'facts'>,
): Promise<unknown> {
  const { database } = contact.store
  const { signature } = plain
  if (signature === undefined || plain.facts !== undefined || hasAlarm(database)) return undefined
  const entries = run.map((entry) => entry.entry)
  const packed = await packRun(entries, placeOf(database, run))
  try {
    const path = `/api/v1/push/packed${queryOf(database)}`
    return await contact.send({ method: 'POST', path, bytes: packedBody(signature, packed) })
  } catch (error) {
    if (plainCodes.some((code) => isProblem(error, code))) return undefined
    throw error
  }
}

function placeOf(database: Database, run: readonly OutboxEntry[]): Place {
  const identity = requireIdentity(database)
  const { campaign, device, publicKey } = identity
  const before = entriesBefore(database, run[0]?.seq ?? 1, beforeMax)
  return {
    campaign,
    device,
    previous: before.at(-1)?.hash ?? genesisHash(campaign, device, publicKey),
    before: before.map((entry) => entry.entry),
  }
}

/** Which life of headquarters this device knows, and which checkpoints it holds. */
function queryOf(database: Database): string {
  const query = new URLSearchParams()
  const epoch = getId(database, 'hq_epoch')
  if (epoch !== noId) query.set('epoch', epoch)
  const kept = keptCheckpoints(database)
  const newest = kept.at(-1)
  if (newest) {
    query.set('held', newest.checkpoint.epoch)
    query.set('size', kept.map(({ checkpoint }) => String(checkpoint.size)).join(','))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
