/** What the screens may ask of the store about photos. */
import { fromHex, type Id } from '@sansuiji/protocol'

import type { AttachInput } from './attach'
import { failedPhoto, pagesOfVisit, photosOf, photosOfVisit, voicesOf } from './attachQueries'
import { saveCaption, saveMarks, savePhotos, withdrawPhoto } from './attachSave'
import type { Freed, PhotoStatus, PhotoView, VoiceView } from './attachViews'
import type { Saved, Store } from './capture'
import type { Contact } from './contact'
import { keepPhoto, previewName, type KeptPhoto, type PhotoSource, type PhotoTools } from './photo'
import { memoryPhotoFiles } from './photoFiles'
import type { Mark } from './photoMarks'
import type { SavedView } from './service'
import type { TalkFiles } from './talkFiles'
import { settle } from './uploadAsk'
import { bytesHere } from './uploadBytes'
import { UploadQueue, type LineKind, type PhotoProgress } from './uploadQueue'
import { chooseUpload, uploadChoice, type UploadChoice } from './uploadState'
import { dropVoice, endVoice, keepVoice, type KeptVoice, type VoicePiece } from './voice'

/** The part of the service that is about photos. */
export interface PhotoService {
  /** Keeps a picture's bytes; a form then holds what it gives until it is saved. */
  readonly keepPhoto: (file: Blob, source: PhotoSource, takenAt: number) => Promise<KeptPhoto>
  readonly photosOfVisit: (visit: Id) => Promise<readonly PhotoView[]>
  readonly photosOf: (subject: Id) => Promise<readonly PhotoView[]>
  /** Pages of registers. */
  readonly pagesOfVisit: (visit: Id) => Promise<readonly PhotoView[]>
  readonly voicesOf: (subject: Id) => Promise<readonly VoiceView[]>
  /** Writes down a piece of a form's voice note. False when there is no more room. */
  readonly keepVoice: (form: Id, piece: VoicePiece) => Promise<boolean>
  /** Keeps a form's voice note; null when there is none. It can be asked for until it is dropped. */
  readonly endVoice: (form: Id) => Promise<KeptVoice | null>
  /** The form that holds the note is kept, or the note is given up. */
  readonly dropVoice: (form: Id) => Promise<void>
  /** A photo's bytes, or its preview's; null when they are not here. */
  readonly photoBytes: (hash: string, preview: boolean) => Promise<Blob | null>
  readonly savePhotos: (input: AttachInput) => Promise<SavedView>
  readonly saveCaption: (photo: Id, caption: string) => Promise<SavedView>
  readonly saveMarks: (photo: Id, marks: readonly Mark[]) => Promise<SavedView>
  readonly withdrawPhoto: (photo: Id, reason: string) => Promise<SavedView>
  readonly photoStatus: () => Promise<PhotoStatus>
  readonly chooseUpload: (choice: UploadChoice) => Promise<void>
  /** Sends photos now instead of later. It does not wait until they are sent. */
  readonly sendPhotos: () => Promise<void>
  /** Removes whole photos that headquarters says it has; their previews stay. */
  readonly freePhotos: () => Promise<Freed>
}

/** What keeps and sends photos. */
export interface PhotoParts extends PhotoTools {
  readonly line: () => LineKind
}

/** What that part is made of. */
export interface PhotoServiceParts {
  readonly store: Store
  /** Where voice notes grow. */
  readonly growing: TalkFiles
  readonly photos: PhotoParts
  readonly contact: () => Promise<Contact>
  readonly save: (work: () => Saved<Id>) => Promise<SavedView>
  readonly progress: (progress: PhotoProgress | null) => void
  readonly changed: () => void
}

/** What keeps no photos: under test. */
export const noPhotos = (): PhotoParts => ({
  files: memoryPhotoFiles(),
  decode: () => Promise.reject(new Error('nothing decodes pictures here')),
  line: () => 'unknown',
})

/** Puts that part together. `send` starts sending, and never fails; `sent` waits for it. */
export function photoService(parts: PhotoServiceParts): {
  readonly service: PhotoService
  readonly send: () => void
  readonly sent: () => Promise<void>
} {
  const { store, photos, contact, progress, changed } = parts
  const { database } = store
  const { files, line } = photos
  const queue = new UploadQueue({ database, files, contact, line, progress, changed, wait })
  const send = () => void queue.kick()
  const service = { ...reading(parts, photos, queue), ...saving(parts, photos, send) }
  return { service, send, sent: () => queue.kick() }
}

type Reads =
  'photosOfVisit' | 'photosOf' | 'pagesOfVisit' | 'voicesOf' | 'photoBytes' | 'photoStatus'

function reading(
  { store: { database } }: PhotoServiceParts,
  { files, line }: PhotoParts,
  queue: UploadQueue,
): Pick<PhotoService, Reads> {
  const read = <T>(query: () => T) => Promise.resolve().then(query)
  return {
    photosOfVisit: (visit) => read(() => photosOfVisit(database, files, visit)),
    photosOf: (subject) => read(() => photosOf(database, files, subject)),
    pagesOfVisit: (visit) => read(() => pagesOfVisit(database, files, visit)),
    voicesOf: (subject) => read(() => voicesOf(database, files, subject)),
    photoBytes: (hash, preview) => files.read(preview ? previewName(hash) : hash),
    photoStatus: () =>
      read(() => {
        const here = bytesHere(database, files)
        const waiting = here.filter(({ state }) => !state.there)
        const free = here.filter(({ state, photo }) => state.there && photo)
        return {
          ...uploadChoice(database),
          waiting: waiting.length,
          waitingBytes: sum(waiting),
          free: free.length,
          freeBytes: sum(free),
          failed: waiting.flatMap(({ hash, state }) =>
            state.failure ? [failedPhoto(database, fromHex(hash), state.failure)] : [],
          ),
          lineKnown: line() !== 'unknown',
          hold: waiting.length > 0 ? queue.hold() : null,
          progress: queue.progress(),
        }
      }),
  }
}

function saving(
  { store, growing, contact, save, changed }: PhotoServiceParts,
  photos: PhotoParts,
  send: () => void,
): Omit<PhotoService, Reads> {
  const { database } = store
  const { files } = photos
  const inTurn = turns()
  const voices = { database, clock: store.clock, growing, files }
  return {
    keepVoice: (form, piece) => inTurn(() => keepVoice(voices, form, piece)),
    endVoice: (form) => inTurn(() => endVoice(voices, form)),
    dropVoice: (form) => inTurn(() => dropVoice(voices, form)),
    // One at a time: a decoded picture is large.
    keepPhoto: (file, source, takenAt) =>
      inTurn(() => keepPhoto(photos, file, { source, takenAt })),
    savePhotos: (input) => save(() => savePhotos(store, input)),
    saveCaption: (photo, caption) => save(() => saveCaption(store, photo, caption)),
    saveMarks: (photo, marks) => save(() => saveMarks(store, photo, marks)),
    withdrawPhoto: (photo, reason) => save(() => withdrawPhoto(store, photo, reason)),
    chooseUpload: (choice) =>
      Promise.resolve().then(() => {
        chooseUpload(database, choice)
        changed()
        send()
      }),
    sendPhotos: () => Promise.resolve().then(send),
    freePhotos: async () => {
      const here = bytesHere(database, files).filter(({ state, photo }) => state.there && photo)
      const hashes = here.map(({ hash }) => hash)
      const there = new Set(await settle(await contact(), hashes))
      const gone = here.filter(({ hash }) => there.has(hash))
      for (const { hash } of gone) await files.remove(hash)
      changed()
      return { photos: gone.length, bytes: sum(gone) }
    },
  }
}

function sum(all: readonly { readonly size: number }[]): number {
  return all.reduce((bytes, { size }) => bytes + size, 0)
}

/** Does one thing after another, whatever becomes of those before. */
function turns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
}

function wait(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) {
      done()
      return
    }
    const timer = setTimeout(done, millis)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      done()
    })
  })
}
