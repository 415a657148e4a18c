/** The rows of what was taken along beside words. Their bytes are kept before; see photo.ts. */
import { fromHex, idBytes, newId, type Id } from '@sansuiji/protocol'

import type { Saving } from './capture'
import type { PhotoInput } from './photo'
import { noteKept } from './uploadState'
import { placeCells, put, textOrNull } from './write'

/** What a photo is about. */
export interface PhotoSubject {
  readonly table: 'visit' | 'finding' | 'verification'
  readonly id: Id
}

/** Photos of one row. */
export interface AttachInput {
  readonly visit: Id
  readonly subject: PhotoSubject
  readonly photos: readonly PhotoInput[]
}

/** Writes the rows of photos within a save that may write more. Gives their ids. */
export function attach(saving: Saving, { visit, subject, photos }: AttachInput): readonly Id[] {
  return photos.map((photo) => {
    const id = newId(saving.at, saving.random)
    put(saving, 'attachment', id, {
      visit_id: idBytes(visit),
      subject_table: subject.table,
      subject_id: idBytes(subject.id),
      kind: 'photo',
      hash: fromHex(photo.hash),
      size: photo.size,
      media_type: photo.mediaType,
      width: photo.width,
      height: photo.height,
      original_hash: fromHex(photo.originalHash),
      original_size: photo.originalSize,
      source: photo.source,
      taken_at: Math.round(photo.takenAt),
      caption: textOrNull(photo.caption),
      inspector_id: idBytes(saving.identity.inspector),
      ...(photo.place ? placeCells(photo.place) : {}),
    })
    noteKept(saving.database, photo.hash)
    return id
  })
}
