/** What the screens may ask of the store about where the data is, and how it leaves the phone. */
import { fromHex } from '@sansuiji/protocol'

import { bundleOf } from './bundle'
import { memoryBundleFiles, type BundleFiles } from './bundleFiles'
import type { Store } from './capture'
import type { Contact } from './contact'
import type { Database } from './database'
import type { Failure } from './failure'
import type { Server } from './http'
import type { KeyStore } from './keys'
import { KeyMissingError } from './failure'
import { leave, unsentOf, type Left, type Unsent } from './leave'
import { heldByHeadquarters, type LostDevice } from './lost'
import { countEntries, oldestWaiting } from './outbox'
import { integer, maybeInteger, maybeText, text } from './row'
import type { PhotoFiles } from './photoFiles'
import { get, getNumber, isWipeOrdered, set } from './state'
import { bytesHere } from './uploadBytes'

/** What takes room on the phone. Bytes. */
export interface StorageUse {
  readonly database: number
  readonly photos: number
  /** Whole photos, sounds and sealed files. */
  readonly files: number
}

/** A bundle that was written, to be saved elsewhere. */
export interface BundleMade {
  readonly name: string
  /** In the file, and how many of them headquarters has not acknowledged. */
  readonly entries: number
  readonly unsent: number
  readonly attachments: number
  /** Nobody but headquarters can read it. */
  readonly sealed: boolean
  readonly file: Blob
}

/** What a bundle would hold. */
export interface BundlePlan extends Unsent {
  readonly sealed: boolean
  /** Of the attachments, bytes. */
  readonly bytes: number
  /** When this phone's data was last put into one, Unix milliseconds. */
  readonly madeAt: number | null
}

/** What is known of this device even where its data is lost: see the page's marker. */
export interface SafetySummary {
  /** Entries ever made, and those that headquarters has not acknowledged. */
  readonly made: number
  readonly unsent: number
  readonly oldestUnsentAt: number | null
  /** Attachments whose bytes headquarters does not have. */
  readonly attachments: number
  /** When a bundle was last made, Unix milliseconds. */
  readonly bundleAt: number | null
  /** How far headquarters' clock is ahead of ours. Milliseconds. */
  readonly serverAheadMs: number
}

/** Bytes of an attachment that headquarters does not have. */
export interface WaitingBytes {
  readonly hash: string
  /** Bytes. */
  readonly size: number
  readonly kind: string
  readonly caption: string | null
  readonly unit: string | null
  /** Unix milliseconds. */
  readonly takenAt: number | null
  /** Why the last attempt to send it failed. */
  readonly failure: Failure | null
}

/** The part of the service that is about the data's safety. */
export interface SafetyService {
  readonly storageUse: () => Promise<StorageUse>
  readonly bundlePlan: () => Promise<BundlePlan>
  /** Writes what headquarters may lack into a file; without attachments where there is no room. */
  readonly makeBundle: (attachments: boolean) => Promise<BundleMade>
  readonly dropBundle: () => Promise<void>
  /** Headquarters has told this device to wipe itself. */
  readonly isLeaving: () => Promise<boolean>
  readonly summary: () => Promise<SafetySummary>
  /** The first of those that wait, in the order in which they were taken. */
  readonly waitingBytes: (limit: number) => Promise<readonly WaitingBytes[]>
  /** Brings headquarters what it lacks, and wipes the device. Nothing works after it. */
  readonly leave: () => Promise<Left>
  /** How many entries of a device headquarters has whose data is gone; null: nobody can ask. */
  readonly heldByHeadquarters: (lost: LostDevice) => Promise<number | null>
}

/** What that part is made of. */
export interface SafetyParts {
  readonly store: Store
  readonly server: Server
  readonly keys: KeyStore
  readonly files: PhotoFiles
  readonly bundles: BundleFiles | undefined
  readonly erase: (() => Promise<void>) | undefined
  readonly contact: () => Promise<Contact>
  readonly sendPhotos: () => Promise<void>
  readonly changed: () => void
}

/** Puts that part together. */
export function safetyService(parts: SafetyParts): SafetyService {
  const { store, files } = parts
  const { database } = store
  const bundles = parts.bundles ?? memoryBundleFiles()
  const read = <T>(query: () => T) => Promise.resolve().then(query)
  return {
    storageUse: () => read(() => storageUse(store, files)),
    bundlePlan: () => read(() => planOf(parts)),
    makeBundle: (attachments) => makeBundle(parts, bundles, attachments),
    dropBundle: () => bundles.remove(),
    isLeaving: () => read(() => isWipeOrdered(database)),
    summary: () => read(() => summaryOf(parts)),
    waitingBytes: (limit) => read(() => waitingBytes(database, files, limit)),
    leave: () => leave({ ...leaving(parts), database, files }),
    heldByHeadquarters: (lost) => heldByHeadquarters({ ...parts, ...store }, lost),
  }
}

function leaving({ store, contact, sendPhotos, changed, erase }: SafetyParts) {
  return {
    ...{ contact, sendPhotos, changed, clock: store.clock },
    erase: erase ?? (() => Promise.resolve()),
    wait: (millis: number) => new Promise<void>((done) => setTimeout(done, millis)),
  }
}

function storageUse({ database }: Store, files: PhotoFiles): StorageUse {
  const pages = database.row(
    'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size',
  )
  const sizes = files.names().map((name) => files.sizeOf(name) ?? 0)
  return {
    database: pages ? integer(pages, 'bytes') : 0,
    photos: sizes.reduce((sum, size) => sum + size, 0),
    files: files.names().filter((name) => !name.includes('.')).length,
  }
}

function summaryOf({ store: { database }, files }: SafetyParts): SafetySummary {
  const { entries: unsent, attachments } = unsentOf({ database, files })
  const counts = countEntries(database)
  const made = counts.waiting + counts.merged + counts.held + counts.quarantined
  const bundleAt = bundleMadeAt(database)
  const serverAheadMs = getNumber(database, 'server_ahead_ms')
  return {
    made,
    unsent,
    oldestUnsentAt: oldestWaiting(database),
    attachments,
    bundleAt,
    serverAheadMs,
  }
}

const describeBytes = `
  SELECT a.kind, a.caption, a.taken_at, u.name AS unit
  FROM attachment a LEFT JOIN visit v ON v.id = a.visit_id LEFT JOIN unit u ON u.id = v.unit_id
  WHERE a.hash = ? LIMIT 1`

function waitingBytes(
  database: Database,
  files: PhotoFiles,
  limit: number,
): readonly WaitingBytes[] {
  const waiting = bytesHere(database, files).filter(({ state }) => !state.there)
  return waiting
    .map(({ hash, size, state: { failure } }) => {
      const row = database.row(describeBytes, fromHex(hash))
      return {
        ...{ hash, size, failure },
        kind: row ? text(row, 'kind') : 'photo',
        caption: row ? maybeText(row, 'caption') : null,
        unit: row ? maybeText(row, 'unit') : null,
        takenAt: row ? maybeInteger(row, 'taken_at') : null,
      }
    })
    .sort((a, b) => (a.takenAt ?? 0) - (b.takenAt ?? 0))
    .slice(0, limit)
}

function bundleMadeAt(database: Database): number | null {
  const at = get(database, 'bundle_made_at')
  return typeof at === 'number' ? at : null
}

function planOf({ store: { database }, files }: SafetyParts): BundlePlan {
  return {
    ...unsentOf({ database, files }),
    sealed: get(database, 'bundle_key') !== null,
    bytes: missingBytes(database, files),
    madeAt: bundleMadeAt(database),
  }
}

async function makeBundle(
  { store, keys, files }: SafetyParts,
  bundles: BundleFiles,
  attachments: boolean,
): Promise<BundleMade> {
  const key = await keys.load()
  if (!key) throw new KeyMissingError('no key in the browser')
  const { stream, ...bundle } = await bundleOf({ store, key, files, attachments })
  const file = await bundles.write(await stream())
  set(store.database, 'bundle_made_at', store.clock())
  return { ...bundle, file }
}

function missingBytes(database: Database, files: PhotoFiles): number {
  const missing = bytesHere(database, files).filter(({ state }) => !state.there)
  return missing.reduce((sum, { size }) => sum + size, 0)
}
