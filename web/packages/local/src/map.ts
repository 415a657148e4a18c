/**
 * The map that a phone carries: one file in OPFS, fetched by ranges from where it broke off,
 * and shown only after its SHA-256 is what headquarters said. The one before it stays until
 * then.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { copy, toHex, type Bytes } from '@sansuiji/protocol'

import type { Contact } from './contact'
import type { Database } from './database'
import { OfflineError } from './failure'
import type { MapFiles } from './mapFiles'
import { getText, remove, set } from './state'

/** A map as headquarters offers it. */
export interface MapOffer {
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** In hexadecimal. */
  readonly sha256: string
}

/** What the screens show of maps. */
export interface MapStatus {
  /** The one that can be shown. */
  readonly here: MapOffer | null
  /** What headquarters offered last; null when it had none, or was never asked. */
  readonly offered: MapOffer | null
  /** How much of the offered one is here. Bytes. */
  readonly fetched: number
}

/** A piece fetched in one request. Bytes. */
const pieceSize = 1 << 20

/** Bytes read at once to take a hash. */
const windowSize = 4 << 20

/** What fetching a map needs. */
export interface MapFetch {
  readonly contact: Contact
  readonly files: MapFiles
  readonly signal: AbortSignal
  /** How many bytes are here. */
  readonly progress: (fetched: number) => void
}

/** How it stands with maps. */
export async function mapStatus(database: Database, files: MapFiles): Promise<MapStatus> {
  const here = known(database, 'map')
  const offered = known(database, 'map_offered')
  const whole = here !== null && (await files.sizeOf(here.sha256)) === here.size
  const fetched = offered ? await files.sizeOf(partOf(offered)) : 0
  return { here: whole ? here : null, offered, fetched }
}

/** Asks what headquarters offers. */
export async function askMap(contact: Contact): Promise<void> {
  const { database } = contact.store
  const answer = await contact.send({ method: 'GET', path: '/api/v1/map' })
  const map: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'map') : null
  if (isOffer(map)) set(database, 'map_offered', JSON.stringify(map))
  else remove(database, 'map_offered')
}

/** Fetches what is offered, or the rest of it. When it returns that map can be shown. */
export async function fetchMap(fetching: MapFetch): Promise<void> {
  const { contact, files } = fetching
  const { database } = contact.store
  await askMap(contact)
  const offer = known(database, 'map_offered')
  const { here } = await mapStatus(database, files)
  if (!offer || offer.sha256 === here?.sha256) return
  const part = partOf(offer)
  await dropOthers(database, files, part)
  for (let at = await files.sizeOf(part); at < offer.size;) {
    const piece = await fetchPiece(fetching, offer, at)
    await files.append(part, piece, at)
    at += piece.length
    fetching.progress(at)
  }
  if ((await hashOfFile(files, part)) !== offer.sha256) {
    await files.remove(part)
    throw new OfflineError('map: what came is not what was offered')
  }
  await files.rename(part, offer.sha256)
  set(database, 'map', JSON.stringify(offer))
  await dropOthers(database, files, part)
}

/** Forgets the map that is here, and what was fetched of another. */
export async function dropMap(database: Database, files: MapFiles): Promise<void> {
  remove(database, 'map')
  for (const name of await files.names()) await files.remove(name)
}

/** The map's file; null when none is here. */
export async function mapFile(database: Database, files: MapFiles): Promise<Blob | null> {
  const { here } = await mapStatus(database, files)
  return here ? files.open(here.sha256) : null
}

function known(database: Database, name: 'map' | 'map_offered'): MapOffer | null {
  const text = getText(database, name)
  return text === null ? null : (JSON.parse(text) as MapOffer)
}

function isOffer(value: unknown): value is MapOffer {
  if (typeof value !== 'object' || value === null) return false
  const { name, size, sha256: hash } = value as Readonly<Record<string, unknown>>
  return typeof name === 'string' && typeof size === 'number' && /^[0-9a-f]{64}$/.test(String(hash))
}

function partOf({ sha256: hash }: MapOffer): string {
  return `${hash}.part`
}

/** Keeps the map that can be shown and what is being fetched. */
async function dropOthers(database: Database, files: MapFiles, part: string): Promise<void> {
  const here = known(database, 'map')
  for (const name of await files.names()) {
    if (name !== part && name !== here?.sha256) await files.remove(name)
  }
}

async function fetchPiece(
  { contact, signal }: MapFetch,
  { sha256: hash, size }: MapOffer,
  at: number,
): Promise<Bytes> {
  const end = Math.min(size, at + pieceSize) - 1
  const response = await contact.reach({
    method: 'GET',
    path: `/api/v1/map/${hash}`,
    headers: { Range: `bytes=${at}-${end}` },
    signal,
  })
  const bytes = await bytesOf(response)
  // A gateway that answers with a page, or with another part, is not headquarters.
  if (response.status !== 206 || bytes.length !== end - at + 1) {
    throw new OfflineError(`map: ${response.status}, ${bytes.length} bytes`)
  }
  return bytes
}

async function bytesOf(response: Response): Promise<Bytes> {
  try {
    return new Uint8Array(await response.arrayBuffer())
  } catch (error) {
    throw new OfflineError(`map: ${String(error)}`)
  }
}

async function hashOfFile(files: MapFiles, name: string): Promise<string> {
  const hash = sha256.create()
  const size = await files.sizeOf(name)
  const file = await files.open(name)
  for (let at = 0; file && at < size; at += windowSize) {
    hash.update(new Uint8Array(await file.slice(at, at + windowSize).arrayBuffer()))
  }
  return toHex(copy(hash.digest()))
}
