/**
 * Voice notes: words that are faster said than typed. What the recorder gives is written down
 * as it comes, so that a killed app loses no more than its last piece; the whole note is then
 * kept as a photo is, named by its SHA-256.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { copy, toHex, type Id } from '@sansuiji/protocol'

import type { Database } from './database'
import type { PhotoFiles } from './photoFiles'
import type { Place } from './record'
import { getText, remove, set } from './state'
import { inPieces, type TalkFiles } from './talkFiles'

/** A voice note whose bytes are kept; a form holds it until its row is saved. Plain data. */
export interface KeptVoice {
  /** SHA-256 of its bytes, 64 hexadecimal digits. */
  readonly hash: string
  /** Bytes. */
  readonly size: number
  readonly mediaType: string
  readonly durationMs: number
  /** When it began, Unix milliseconds. */
  readonly takenAt: number
}

/** A kept voice note with what the person says of it. */
export interface VoiceInput extends KeptVoice {
  readonly caption: string
  readonly place: Place | null
}

/** What a recorder gave. */
export interface VoicePiece {
  /** Media type, in the first piece of a recording only. */
  readonly type: string | null
  readonly data: Uint8Array
  /** How long the recording is with it. Milliseconds. */
  readonly durationMs: number
}

/** Of one note, bytes: more than an hour of speech. */
export const voiceMax = 16 << 20

/** What keeping voice notes needs. */
export interface VoiceStore {
  readonly database: Database
  readonly clock: () => number
  /** Where a note grows. */
  readonly growing: TalkFiles
  /** Where whole ones are. */
  readonly files: PhotoFiles
}

/** What is known of a note that grows. */
type Growing = Omit<KeptVoice, 'hash' | 'size'>

const nameOf = (form: Id) => `voice:${form}` as const
const fileOf = (form: Id) => `${form}.voice`

/** Adds a piece to the note of a form. False when there is no more room. */
export async function keepVoice(store: VoiceStore, form: Id, piece: VoicePiece): Promise<boolean> {
  const { database, growing, clock } = store
  const begins = piece.type !== null
  const end = begins ? 0 : await growing.sizeOf(fileOf(form))
  if (end + piece.data.length > voiceMax) return false
  const known = begins ? null : growingNote(database, form)
  await growing.write(fileOf(form), piece.data, end)
  const note: Growing = {
    mediaType: known?.mediaType ?? piece.type ?? '',
    takenAt: known?.takenAt ?? clock() - piece.durationMs,
    durationMs: piece.durationMs,
  }
  set(database, nameOf(form), JSON.stringify(note))
  return true
}

/**
 * Keeps the note of a form as it is now, also one that a kill cut off; null where there is
 * none. It can be asked for again until it is dropped: call `dropVoice` once the form is kept.
 */
export async function endVoice(store: VoiceStore, form: Id): Promise<KeptVoice | null> {
  const { database, growing, files } = store
  const note = growingNote(database, form)
  if (!note) return null
  const name = fileOf(form)
  const size = await growing.sizeOf(name)
  const hash = sha256.create()
  for await (const piece of inPieces(growing, name)) hash.update(piece)
  if (size === 0) return null
  const kept = { hash: toHex(copy(hash.digest())), size, ...note }
  await files.write(kept.hash, inPieces(growing, name))
  return kept
}

/** Forgets the note of a form that grew. */
export async function dropVoice({ database, growing }: VoiceStore, form: Id): Promise<void> {
  remove(database, nameOf(form))
  await growing.shred(fileOf(form))
}

function growingNote(database: Database, form: Id): Growing | null {
  const text = getText(database, nameOf(form))
  return text === null ? null : (JSON.parse(text) as Growing)
}
