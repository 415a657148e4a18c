/** How this device stands with headquarters. */
import type { Database } from './database'
import { keptCheckpoints } from './checkpoint'
import { describeDisputed, describeEntries, describeMerged } from './described'
import { countEntries, countStages, oldestWaiting } from './outbox'
import { returnedFindings } from './returned'
import { get, getNumber } from './state'
import { lastSync } from './sync'
import type { StatusView } from './views'

/** Entries listed one by one; the counts are of all. */
const listMax = 200

/** Merged entries listed. */
const mergedMax = 20

/** Reads the status. */
export function status(database: Database): StatusView {
  const signed = keptCheckpoints(database).at(-1)
  const contact = get(database, 'last_contact_at')
  return {
    counts: countEntries(database),
    stages: countStages(database),
    waiting: describeEntries(database, ['waiting'], listMax),
    pending: describeEntries(database, ['held', 'quarantined'], listMax),
    disputed: describeDisputed(database, listMax),
    returned: returnedFindings(database),
    signed: signed ? { size: signed.checkpoint.size, at: signed.receivedAt } : null,
    oldestWaitingAt: oldestWaiting(database),
    merged: describeMerged(database, mergedMax),
    lastContactAt: typeof contact === 'number' ? contact : null,
    lastSync: lastSync(database),
    serverAheadMs: getNumber(database, 'server_ahead_ms'),
  }
}
