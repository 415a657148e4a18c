/** One sync: push all that waits, pull all that is new, in that order. */
import type { Contact } from './contact'
import type { Database } from './database'
import { failureOf, isProblem, type Failure } from './failure'
import { countEntries } from './outbox'
import { pull, pullAnew } from './pull'
import { askNext, askPending, push } from './push'
import { noteWipe, report } from './report'
import { getText, set } from './state'

/** How a sync ended. */
export interface SyncResult {
  /** Unix milliseconds by the device's clock. */
  readonly at: number
  readonly pushed: number
  readonly pulled: number
  /** Nothing when all went well. */
  readonly failure: Failure | null
}

/** How often one sync goes around for entries saved meanwhile. */
const roundsMax = 5

/** Syncs and writes down how it went. It never throws for what headquarters or the network did. */
export async function sync(contact: Contact, version = ''): Promise<SyncResult> {
  const tally = { pushed: 0, pulled: 0 }
  contact.round.doubted = false
  let failure: Failure | null = null
  try {
    await run(contact, tally)
  } catch (error) {
    failure = failureOf(error)
    noteWipe(contact.store.database, isProblem(error, 'device-wipe-ordered'))
  }
  if (failure?.kind !== 'offline') await report(contact, version)
  const { database, clock } = contact.store
  const result = { at: clock(), ...tally, failure }
  set(database, 'last_sync', JSON.stringify(result))
  return result
}

/** How the last sync ended. */
export function lastSync(database: Database): SyncResult | null {
  const text = getText(database, 'last_sync')
  return text === null ? null : (JSON.parse(text) as SyncResult)
}

async function run(contact: Contact, tally: { pushed: number; pulled: number }): Promise<void> {
  const { database } = contact.store
  for (let round = 0; round < roundsMax; round++) {
    tally.pushed += (await push(contact)).entries
    if (round === 0) await askPending(contact)
    let pulled = await pull(contact)
    if (pulled.kind === 'restored') {
      await askNext(contact)
      tally.pushed += (await push(contact)).entries
      pulled = await pullAnew(contact)
    }
    if (pulled.kind === 'complete') tally.pulled += pulled.rows
    if (countEntries(database).waiting === 0) return
  }
}
