/**
 * Leaves, as headquarters ordered: brings it what it lacks, for a bounded time, then wipes
 * all that this browser keeps, and says so with what is still in memory.
 */
import type { Contact } from './contact'
import type { Database } from './database'
import { isProblem, OfflineError, ProblemError } from './failure'
import { countEntries } from './outbox'
import type { PhotoFiles } from './photoFiles'
import { push } from './push'
import { leavingSince } from './report'
import { bytesHere } from './uploadBytes'
import { chooseUpload } from './uploadState'

/** How long a device tries to bring what headquarters lacks, restarts included. Milliseconds. */
export const leaveMaxMs = 10 * 60_000

/** How often all is tried that headquarters answers to: what it does not take then, it never will. */
const standsMax = 3

/** Between attempts. Milliseconds. */
const retryMs = 5_000

/** How often it is said that the device was wiped: nothing is kept that could say it later. */
const tellMax = 12

/** What was left undone. */
export interface Unsent {
  readonly entries: number
  readonly attachments: number
}

/** How it ended. */
export interface Left {
  /** What headquarters did not get, and is gone. */
  readonly lost: Unsent
  /** Headquarters knows that the device is wiped. */
  readonly told: boolean
}

/** What leaving needs. */
export interface Leaving {
  readonly database: Database
  readonly files: PhotoFiles
  readonly contact: () => Promise<Contact>
  readonly clock: () => number
  readonly wait: (millis: number) => Promise<void>
  /** Sends attachments until none waits, or the line breaks. */
  readonly sendPhotos: () => Promise<void>
  /** Destroys all that this browser keeps; the database is closed by then. */
  readonly erase: () => Promise<void>
  readonly changed: () => void
}

/** Leaves. What it could not bring in time is gone afterwards. */
export async function leave(parts: Leaving): Promise<Left> {
  const { database, erase } = parts
  const until = leavingSince(database, parts.clock()) + leaveMaxMs
  await bring(parts, until)
  const lost = unsentOf(parts)
  const open = await lastContact(parts)
  database.close()
  await erase()
  return { lost, told: open !== null && (await tell(parts, open, lost)) }
}

/** What headquarters does not have yet. */
export function unsentOf({ database, files }: Pick<Leaving, 'database' | 'files'>): Unsent {
  return {
    entries: countEntries(database).waiting,
    attachments: bytesHere(database, files).filter(({ state }) => !state.there).length,
  }
}

/** The key and a token of now, in memory; where there is none, nobody can be told. */
async function lastContact({ contact }: Leaving): Promise<Contact | null> {
  try {
    const open = await contact()
    await open.renew().catch(() => undefined)
    return open
  } catch {
    return null
  }
}

async function bring(parts: Leaving, until: number): Promise<void> {
  const { database, clock, wait, contact, changed, sendPhotos } = parts
  // Whatever the person decided before: there is no later.
  chooseUpload(database, { paused: false, wifiOnly: false })
  for (let stands = 0; clock() < until && stands < standsMax;) {
    try {
      await inTime(parts, until, push(await contact()).then(sendPhotos))
      stands += 1
    } catch (error) {
      if (!mayPass(error)) return
    }
    changed()
    const { entries, attachments } = unsentOf(parts)
    if (entries + attachments === 0) return
    await wait(retryMs)
  }
}

/** Whether trying again may help. */
function mayPass(error: unknown): boolean {
  if (error instanceof OfflineError) return true
  return error instanceof ProblemError && error.problem.status >= 500
}

async function inTime(parts: Leaving, until: number, work: Promise<void>): Promise<void> {
  await Promise.race([work, parts.wait(Math.max(0, until - parts.clock()))])
}

async function tell(parts: Leaving, contact: Contact, lost: Unsent): Promise<boolean> {
  for (let tries = 0; tries < tellMax; tries++) {
    try {
      await contact.send({ method: 'POST', path: '/api/v1/wiped', body: lost })
      return true
    } catch (error) {
      // An answer was lost: it is known already.
      if (isProblem(error, 'device-revoked')) return true
      if (!mayPass(error)) return false
      await parts.wait(retryMs)
    }
  }
  return false
}
