/** How this device stands with headquarters. */
import type { Database } from './database'
import { describeEntries } from './described'
import { countEntries } from './outbox'
import { get, getNumber } from './state'
import { lastSync } from './sync'
import type { StatusView } from './views'

/** Entries listed one by one; the counts are of all. */
const listMax = 200

/** Reads the status. */
export function status(database: Database): StatusView {
  const contact = get(database, 'last_contact_at')
  return {
    counts: countEntries(database),
    waiting: describeEntries(database, ['waiting'], listMax),
    pending: describeEntries(database, ['held', 'quarantined'], listMax),
    lastContactAt: typeof contact === 'number' ? contact : null,
    lastSync: lastSync(database),
    serverAheadMs: getNumber(database, 'server_ahead_ms'),
  }
}
