/**
 * What this device knows of the bytes of photos: which it must keep, and which
 * headquarters has. One value per hash in device_state; it makes no entry.
 */
import type { Database } from './database'
import type { Failure } from './failure'
import { text } from './row'
import { get, getId, getText, remove, set, setId } from './state'

/** What is known of a photo's bytes. */
export interface ByteState {
  /** A row of this device names them: they are no orphan. */
  readonly kept: boolean
  /** Headquarters said that they are not missing. */
  readonly there: boolean
  /** Why the last attempt to send them failed. */
  readonly failure: Failure | null
}

const unknown: ByteState = { kept: false, there: false, failure: null }

const nameOf = (hash: string) => `photo:${hash}` as const

/** What is known, by hash. */
export function byteStates(database: Database): ReadonlyMap<string, ByteState> {
  const select = `SELECT name, value FROM device_state WHERE name >= 'photo:' AND name < 'photo;'`
  return new Map(
    database.rows(select).map((row) => {
      const state = { ...unknown, ...(JSON.parse(text(row, 'value')) as Partial<ByteState>) }
      return [text(row, 'name').slice('photo:'.length), state]
    }),
  )
}

function change(database: Database, hash: string, now: Partial<ByteState>): void {
  const before = getText(database, nameOf(hash))
  const known = before === null ? {} : (JSON.parse(before) as Partial<ByteState>)
  const { kept, there, failure } = { ...unknown, ...known, ...now }
  const said = {
    ...(kept ? { kept } : {}),
    ...(there ? { there } : {}),
    ...(failure ? { failure } : {}),
  }
  set(database, nameOf(hash), JSON.stringify(said))
}

/** A row names the bytes. Call it in the transaction that writes the row. */
export function noteKept(database: Database, hash: string): void {
  change(database, hash, { kept: true })
}

/** What headquarters said of some bytes. */
export function noteThere(database: Database, hashes: readonly string[], there: boolean): void {
  database.transaction(() => {
    for (const hash of hashes) change(database, hash, there ? { there, failure: null } : { there })
  })
}

/** Why bytes could not be sent; nothing once they could. */
export function noteFailure(database: Database, hash: string, failure: Failure | null): void {
  change(database, hash, { failure })
}

/** Headquarters was restored since it said what it has: it is to be asked again. */
export function forgetIfRestored(database: Database): void {
  const epoch = getId(database, 'hq_epoch')
  if (getId(database, 'photos_epoch') === epoch) return
  database.transaction(() => {
    for (const [hash, { there }] of byteStates(database)) {
      if (there) change(database, hash, { there: false })
    }
    setId(database, 'photos_epoch', epoch)
  })
}

/** What the person decided about sending. */
export interface UploadChoice {
  readonly paused: boolean
  /** Only by a line that costs nothing. */
  readonly wifiOnly: boolean
}

/** Reads what the person decided. */
export function uploadChoice(database: Database): UploadChoice {
  return {
    paused: get(database, 'photos_paused') !== null,
    wifiOnly: get(database, 'photos_wifi_only') !== null,
  }
}

/** Writes what the person decided. */
export function chooseUpload(database: Database, { paused, wifiOnly }: UploadChoice): void {
  flag(database, 'photos_paused', paused)
  flag(database, 'photos_wifi_only', wifiOnly)
}

function flag(database: Database, name: 'photos_paused' | 'photos_wifi_only', on: boolean): void {
  if (on) set(database, name, 1)
  else remove(database, name)
}

/** The hashes that forms being filled in name: they are texts that hold them somewhere. */
export function hashesInForms(database: Database): ReadonlySet<string> {
  const select = `SELECT value FROM device_state WHERE name >= 'draft:' AND name < 'draft;'`
  const found = new Set<string>()
  for (const row of database.rows(select)) {
    for (const [hash] of text(row, 'value').matchAll(/[0-9a-f]{64}/g)) found.add(hash)
  }
  return found
}
