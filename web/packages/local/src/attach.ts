/** The rows of what was taken along beside words. Their bytes are kept before; see photo.ts. */
import { fromHex, idBytes, newId, type Id } from '@sansuiji/protocol'

import type { Saving } from './capture'
import type { PhotoInput } from './photo'
import { noteKept } from './uploadState'
import type { VoiceInput } from './voice'
import { placeCells, put, textOrNull, type Cells } from './write'

/** What a photo or voice note is about. */
export interface PhotoSubject {
  readonly table: 'visit' | 'finding' | 'verification'
  readonly id: Id
}

/** Photos and voice notes of one row. */
export interface AttachInput {
  readonly visit: Id
  readonly subject: PhotoSubject
  readonly photos: readonly PhotoInput[]
  /** What the photos are; photos of what was seen where nothing is said. */
  readonly kind?: 'photo' | 'page'
  readonly voices?: readonly VoiceInput[]
}

/** Writes the rows of photos and voice notes within a save that may write more. Gives their ids. */
export function attach(saving: Saving, input: AttachInput): readonly Id[] {
  const { photos, voices = [], kind = 'photo' } = input
  return [
    ...photos.map((photo) => row(saving, input, photo, { kind, ...photoCells(photo) })),
    ...voices.map((voice) => row(saving, input, voice, { kind: 'sound', ...voiceCells(voice) })),
  ]
}

function row(
  saving: Saving,
  { visit, subject }: AttachInput,
  of: PhotoInput | VoiceInput,
  cells: Cells,
): Id {
  const id = newId(saving.at, saving.random)
  put(saving, 'attachment', id, {
    visit_id: idBytes(visit),
    subject_table: subject.table,
    subject_id: idBytes(subject.id),
    ...cells,
    hash: fromHex(of.hash),
    size: of.size,
    media_type: of.mediaType,
    taken_at: Math.round(of.takenAt),
    caption: textOrNull(of.caption),
    inspector_id: idBytes(saving.identity.inspector),
    ...(of.place ? placeCells(of.place) : {}),
  })
  noteKept(saving.database, of.hash)
  return id
}

function photoCells(photo: PhotoInput): Cells {
  return {
    width: photo.width,
    height: photo.height,
    original_hash: fromHex(photo.originalHash),
    original_size: photo.originalSize,
    source: photo.source,
  }
}

function voiceCells({ durationMs }: VoiceInput): Cells {
  return { duration_ms: Math.round(durationMs), source: 'recorder' }
}
