/** Tells headquarters how this device stands, and learns whether it is to wipe itself. */
import { keptCheckpoints } from './checkpoint'
import type { Contact } from './contact'
import type { Database } from './database'
import { countEntries, oldestWaiting } from './outbox'
import { get, isWipeOrdered, remove, set } from './state'

/** What a device says of itself. */
export interface Report {
  readonly app_version: string
  readonly unsent: number
  /** Unix milliseconds by the device's clock. */
  readonly oldest_unsent_at?: number
  readonly log_size: number
}

/** What there is to say. */
export function reportOf(database: Database, version: string): Report {
  const oldest = oldestWaiting(database)
  return {
    app_version: version,
    unsent: countEntries(database).waiting,
    ...(oldest === null ? {} : { oldest_unsent_at: oldest }),
    log_size: keptCheckpoints(database).at(-1)?.checkpoint.size ?? 0,
  }
}

/** Says it. That it fails is no failure of a sync: a headquarters of before does not know of it. */
export async function report(contact: Contact, version: string): Promise<void> {
  const { database } = contact.store
  const body = reportOf(database, version)
  try {
    const answer = await contact.send({ method: 'POST', path: '/api/v1/contact', body })
    noteWipe(database, isOrdered(answer))
  } catch {
    return
  }
}

function isOrdered(answer: unknown): boolean {
  return (
    typeof answer === 'object' && answer !== null && Reflect.get(answer, 'wipe_ordered') === true
  )
}

/** Headquarters has told this device to wipe itself. It is not taken back by silence. */
export function noteWipe(database: Database, ordered: boolean): void {
  if (ordered && !isWipeOrdered(database)) set(database, 'wipe_ordered', 1)
}

/** When leaving began, Unix milliseconds; begins it. It counts through restarts. */
export function leavingSince(database: Database, now: number): number {
  const since = get(database, 'leaving_since')
  // A clock that was set back begins anew.
  if (typeof since === 'number' && since <= now) return since
  set(database, 'leaving_since', now)
  return now
}

/** A device that was enrolled anew has nothing to wipe. */
export function forgetWipe(database: Database): void {
  remove(database, 'wipe_ordered')
  remove(database, 'leaving_since')
}
