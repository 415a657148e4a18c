/** Whether a device has all that a day without a network needs. */
import type { Category } from './readyJudge'
import type { Database } from './database'
import { lastSync } from './sync'
import { countEntries } from './outbox'
import { integer, maybeText } from './row'
import { get, getId, getNumber } from './state'

/** What the store has. Times are Unix milliseconds by the device's clock. */
export interface ReadyFacts {
  /** The device has all rows headquarters had for it at the last sync. */
  readonly complete: boolean
  readonly visits: number
  /** Visits whose unit is not here. */
  readonly unitsMissing: number
  /** Units to visit without a problem list. */
  readonly unitsUnlisted: number
  readonly problems: number
  readonly ledgerEntries: number
  readonly commitments: number
  /** Questions asked everywhere. */
  readonly questionsCommon: number
  /** Categories of the units to visit, and what each is asked beside. */
  readonly categories: readonly Category[]
  /** Units to visit where people are drawn, and those of them whose draw can be opened. */
  readonly sites: number
  readonly sitesUsable: number
  /** Entries only this device has, and those headquarters holds back. */
  readonly waiting: number
  readonly pending: number
  /** When headquarters was last synced with, as far as an attempt without a network is none. */
  readonly syncedAt: number | null
  /** Headquarters or the phone had a reason not to sync. */
  readonly syncFailed: boolean
  /** When headquarters last answered. */
  readonly contactAt: number | null
  /** When the newest checkpoint of headquarters' history came. */
  readonly checkpointAt: number | null
  readonly serverAheadMs: number
}

const rowCounts = `
  WITH mine AS (SELECT DISTINCT u.id FROM visit v JOIN unit u ON u.id = v.unit_id)
  SELECT
    (SELECT COUNT(*) FROM visit) AS visits,
    (SELECT COUNT(*) FROM visit v
      WHERE NOT EXISTS (SELECT 1 FROM unit u WHERE u.id = v.unit_id)) AS missing,
    (SELECT COUNT(*) FROM mine m
      WHERE NOT EXISTS (SELECT 1 FROM problem p WHERE p.unit_id = m.id)) AS unlisted,
    (SELECT COUNT(*) FROM problem WHERE unit_id IN mine) AS problems,
    (SELECT COUNT(*) FROM ledger_entry l JOIN problem p ON p.id = l.problem_id
      WHERE p.unit_id IN mine) AS ledger,
    (SELECT COUNT(*) FROM commitment WHERE unit_id IN mine) AS commitments,
    (SELECT COUNT(*) FROM question WHERE usage = 'check' AND category IS NULL
      AND withdrawn_at IS NULL) AS common,
    (SELECT COUNT(DISTINCT unit_id) FROM site WHERE unit_id IN mine) AS sites,
    (SELECT COUNT(DISTINCT unit_id) FROM site WHERE unit_id IN mine
      AND length(sealed) > 0) AS usable,
    (SELECT MAX(received_at) FROM checkpoint) AS checkpoint_at`

const categoryList = `
  SELECT u.category, COUNT(DISTINCT u.id) AS units,
    (SELECT COUNT(*) FROM question q WHERE q.usage = 'check' AND q.withdrawn_at IS NULL
      AND q.category = u.category) AS questions
  FROM visit v JOIN unit u ON u.id = v.unit_id
  GROUP BY u.category ORDER BY units DESC, u.category`

/** What the store has for the day. */
export function readyFacts(database: Database): ReadyFacts {
  const row = database.row(rowCounts) ?? {}
  const counts = countEntries(database)
  const last = lastSync(database)
  const contact = get(database, 'last_contact_at')
  const contactAt = typeof contact === 'number' ? contact : null
  const checkpoint = row['checkpoint_at']
  return {
    complete: isComplete(database),
    visits: integer(row, 'visits'),
    unitsMissing: integer(row, 'missing'),
    unitsUnlisted: integer(row, 'unlisted'),
    problems: integer(row, 'problems'),
    ledgerEntries: integer(row, 'ledger'),
    commitments: integer(row, 'commitments'),
    questionsCommon: integer(row, 'common'),
    categories: categories(database),
    sites: integer(row, 'sites'),
    sitesUsable: integer(row, 'usable'),
    waiting: counts.waiting,
    pending: counts.held + counts.quarantined,
    syncedAt: last?.failure === null ? last.at : contactAt,
    syncFailed: last !== null && last.failure !== null && last.failure.kind !== 'offline',
    contactAt,
    checkpointAt: typeof checkpoint === 'number' ? checkpoint : null,
    serverAheadMs: getNumber(database, 'server_ahead_ms'),
  }
}

function categories(database: Database): readonly Category[] {
  return database.rows(categoryList).map((row) => ({
    category: maybeText(row, 'category') ?? '',
    units: integer(row, 'units'),
    questions: integer(row, 'questions'),
  }))
}

/** A pull that was cut off has moved the cursor past what was last seen whole. */
function isComplete(database: Database): boolean {
  return (
    get(database, 'seen_epoch') !== null &&
    getId(database, 'seen_epoch') === getId(database, 'cursor_epoch') &&
    getNumber(database, 'seen_revision') === getNumber(database, 'cursor')
  )
}
