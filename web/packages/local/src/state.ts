/** What the device knows of itself and of headquarters: one value per name. */
import { idBytes, idOf, noId, type HybridTime, type Id } from '@sansuiji/protocol'

import type { Database, Value } from './database'

/** The names in device_state. Forms being filled in are kept under `draft:…`. */
export type StateName =
  | 'device_id'
  | 'enrol_code'
  | 'public_key'
  | 'campaign_id'
  | 'campaign_name'
  | 'inspector_id'
  | 'inspector_name'
  | 'team_name'
  | 'clock'
  | 'server_ahead_ms'
  | 'cursor'
  | 'cursor_epoch'
  | 'seen_epoch'
  | 'seen_revision'
  | 'scopes'
  /** Schema version of the rows. */
  | 'schema'
  /** Headquarters' key, SubjectPublicKeyInfo; never changed. */
  | 'hq_key'
  /** Epoch of headquarters' last answer, and the one that got the facts of earlier ones. */
  | 'hq_epoch'
  | 'facts_told_epoch'
  /** Entries up to this seq are in a backup of headquarters. */
  | 'backed_up'
  | 'alarm'
  /** The alarm that a person acknowledged last: it stays as evidence. */
  | 'alarm_acknowledged'
  | 'notice'
  /** The checkpoint after which all was sent again. */
  | 'distrusted'
  /** Syncs in a row whose answers proved nothing. */
  | 'doubts'
  | 'last_contact_at'
  | 'last_sync'
  /** Who was interviewed just now: the contact is still to be recorded. */
  | 'talked'
  /** Epoch of headquarters that said which photos' bytes it has. */
  | 'photos_epoch'
  /** The map that is here, and the one that headquarters offers. */
  | 'map'
  | 'map_offered'
  /** What the person decided about sending photos. */
  | 'photos_paused'
  | 'photos_wifi_only'
  /** What is known of a photo's bytes, by their hash. */
  | `photo:${string}`
  /** The age recipient that bundles are sealed to. */
  | 'bundle_key'
  /** Headquarters has told this device to wipe itself, and since when it does. */
  | 'wipe_ordered'
  | 'leaving_since'
  | 'bundle_made_at'
  /** How many conflicts an entry competes in, by its seq. */
  | `conflicts:${number}`
  | `draft:${string}`
  /** A voice note of a form that is being recorded. */
  | `voice:${string}`
  /** Marks that were held back under this number are written. */
  | `marks:${string}`
  /** An interview under way, encrypted. */
  | `talk:${string}`
  /** Bytes of a signature, by their hash in hex. */
  | `signature:${string}`

/** Reads one value. */
export function get(database: Database, name: StateName): Value {
  return database.row('SELECT value FROM device_state WHERE name = ?', name)?.['value'] ?? null
}

/** Writes one value. */
export function set(database: Database, name: StateName, value: Value): void {
  database.run('INSERT OR REPLACE INTO device_state (name, value) VALUES (?, ?)', name, value)
}

/** Forgets one value. */
export function remove(database: Database, name: StateName): void {
  database.run('DELETE FROM device_state WHERE name = ?', name)
}

/** A value that is a text, or nothing. */
export function getText(database: Database, name: StateName): string | null {
  const value = get(database, name)
  return typeof value === 'string' ? value : null
}

/** A value that is a number; 0 when there is none. */
export function getNumber(database: Database, name: StateName): number {
  return Number(get(database, name) ?? 0)
}

/** A value that is an id; all zeroes when there is none. */
export function getId(database: Database, name: StateName): Id {
  const value = get(database, name)
  return value instanceof Uint8Array ? idOf(value) : noId
}

/** Who this device is, once enrolled. */
export interface Identity {
  readonly device: Id
  readonly publicKey: Uint8Array
  readonly campaign: Id
  readonly campaignName: string
  readonly inspector: Id
  readonly inspectorName: string
  readonly teamName: string
}

/** Who this device is; undefined before it is enrolled. */
export function identityOf(database: Database): Identity | undefined {
  const publicKey = get(database, 'public_key')
  if (get(database, 'campaign_id') === null || !(publicKey instanceof Uint8Array)) return undefined
  return {
    device: getId(database, 'device_id'),
    publicKey,
    campaign: getId(database, 'campaign_id'),
    campaignName: getText(database, 'campaign_name') ?? '',
    inspector: getId(database, 'inspector_id'),
    inspectorName: getText(database, 'inspector_name') ?? '',
    teamName: getText(database, 'team_name') ?? '',
  }
}

/** The device was asked for something that needs an enrolled one. */
export class NotEnrolledError extends Error {}

/** Who this device is. Asking before it is enrolled is an error. */
export function requireIdentity(database: Database): Identity {
  const identity = identityOf(database)
  if (!identity) throw new NotEnrolledError('the device is not enrolled')
  return identity
}

/** The highest hybrid time this device has given or seen. */
export function clockOf(database: Database): HybridTime {
  const value = get(database, 'clock')
  return typeof value === 'number' || typeof value === 'bigint' ? BigInt(value) : 0n
}

/** Raises the clock to a time that was given or seen; it never falls. */
export function raiseClock(database: Database, seen: HybridTime): void {
  if (seen > clockOf(database)) set(database, 'clock', seen)
}

/** Notes that headquarters answered. */
export function noteContact(database: Database, nowMillis: number): void {
  set(database, 'last_contact_at', nowMillis)
}

/** Writes an id as bytes. */
export function setId(database: Database, name: StateName, id: Id): void {
  set(database, name, idBytes(id))
}

/** Whether headquarters has told this device to wipe itself. */
export function isWipeOrdered(database: Database): boolean {
  return get(database, 'wipe_ordered') !== null
}
