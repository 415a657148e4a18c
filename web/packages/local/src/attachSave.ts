/** What a person does with photos of rows that are there. Each function is one entry. */
import type { Id } from '@sansuiji/protocol'

import { attach, type AttachInput } from './attach'
import { capture, type Saved, type Store } from './capture'
import { writeMarks, type Mark } from './photoMarks'
import { MissingError } from './record'
import { clean, textOrNull, update } from './write'

/** Photos of a row that is there, in one entry. Gives the last one's id. */
export function savePhotos(store: Store, input: AttachInput): Saved<Id> {
  return capture(store, (saving) => attach(saving, input).at(-1) ?? input.subject.id)
}

/** Words under a photo. */
export function saveCaption(store: Store, photo: Id, caption: string): Saved<Id> {
  return capture(store, (saving) => {
    update(saving, 'attachment', photo, { caption: textOrNull(caption) })
    return photo
  })
}

/** Marks over a photo; the photo stays as it is. */
export function saveMarks(store: Store, photo: Id, marks: readonly Mark[]): Saved<Id> {
  return capture(store, (saving) => {
    update(saving, 'attachment', photo, { marks: writeMarks(marks) })
    return photo
  })
}

/** A photo that does not hold. It stays in the records, with the reason. */
export function withdrawPhoto(store: Store, photo: Id, reason: string): Saved<Id> {
  const why = clean(reason)
  if (why === '') throw new MissingError('reason')
  return capture(store, (saving) => {
    update(saving, 'attachment', photo, { withdrawn_at: saving.at, withdrawn_reason: why })
    return photo
  })
}
