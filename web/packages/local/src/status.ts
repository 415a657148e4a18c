/** How this device stands with headquarters. */
import type { Database } from './database'
import { describeEntries, describeMerged } from './described'
import { countEntries, countStages } from './outbox'
import { get, getNumber } from './state'
import { lastSync } from './sync'
import type { StatusView } from './views'

/** Entries listed one by one; the counts are of all. */
const listMax = 200

/** Merged entries listed. */
const mergedMax = 20

/** Reads the status. */
export function status(database: Database): StatusView {
  const contact = get(database, 'last_contact_at')
  return {
    counts: countEntries(database),
    stages: countStages(database),
    waiting: describeEntries(database, ['waiting'], listMax),
    pending: describeEntries(database, ['held', 'quarantined'], listMax),
    merged: describeMerged(database, mergedMax),
    lastContactAt: typeof contact === 'number' ? contact : null,
    lastSync: lastSync(database),
    serverAheadMs: getNumber(database, 'server_ahead_ms'),
  }
}
