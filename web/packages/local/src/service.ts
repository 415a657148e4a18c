/** All that the screens may ask of the store. The worker answers for it. */
import type { Id } from '@sansuiji/protocol'

import { acknowledgeAlarm, acknowledgeNotice, warnings } from './alarm'
import type { Saved, Store } from './capture'
import { openContact, type Contact, type Progress } from './contact'
import type { Database } from './database'
import { dayService, type DayService } from './dayService'
import { enrol } from './enrol'
import { failureOf, KeyMissingError } from './failure'
import { dropForm, keepForm, keptForm } from './form'
import type { Server } from './http'
import type { KeyStore } from './keys'
import { memoryMapFiles, type MapFiles } from './mapFiles'
import { mapService, type MapService } from './mapService'
import { countEntries } from './outbox'
import { peopleService, type PeopleService } from './peopleService'
import type { BundleFiles } from './bundleFiles'
import { safetyService, type SafetyService } from './safetyService'
import { noPhotos, photoService, type PhotoParts, type PhotoService } from './photoService'
import { finding, visit } from './queries'
import {
  addComment,
  arriveAtVisit,
  leaveVisit,
  saveArrivalPlace,
  saveFinding,
  saveVerification,
  saveVisitNote,
  withdrawFinding,
  type FindingInput,
  type Place,
  type VerificationInput,
} from './record'
import { identityOf, isWipeOrdered, type Identity } from './state'
import { status } from './status'
import { sync, type SyncResult } from './sync'
import { talkService, type TalkService } from './talkService'
import type { TalkFiles } from './talkFiles'
import type { PhotoProgress } from './uploadQueue'
import type { FindingView, StatusView, VisitSummary, VisitView, WarningsView } from './views'
import { visits } from './visitList'

/** What happened in the store that screens may want to know. */
export type StoreEvent =
  /** Rows or the outbox changed: read again. */
  | { readonly kind: 'changed' }
  /** A person saved something: it may be sent now. */
  | { readonly kind: 'saved' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** How far a photo has come; null when none is being sent. */
  | { readonly kind: 'photo'; readonly progress: PhotoProgress | null }
  /** How many bytes of a map are here. */
  | { readonly kind: 'map'; readonly fetched: number }
  /** Headquarters has told this device to wipe itself. */
  | { readonly kind: 'wipe' }

/** What a save gives back once it is durable. */
export interface SavedView {
  /** The row that was saved. */
  readonly id: Id
  /** False when what was saved is what was there already. */
  readonly changed: boolean
}

/** The store as screens see it. */
export interface Service
  extends PeopleService, DayService, TalkService, PhotoService, SafetyService, MapService {
  readonly identity: () => Promise<Identity | null>
  readonly enrol: (code: string, name: string) => Promise<Identity>
  readonly visits: () => Promise<readonly VisitSummary[]>
  readonly visit: (id: Id) => Promise<VisitView | null>
  readonly finding: (id: Id) => Promise<FindingView | null>
  readonly status: () => Promise<StatusView>
  /** How many entries are in each state; cheaper than the status. */
  readonly counts: () => Promise<StatusView['counts']>
  readonly sync: () => Promise<SyncResult>
  /** What a person should know of headquarters' history. */
  readonly warnings: () => Promise<WarningsView>
  /** Takes headquarters' history as it is now. */
  readonly acknowledgeAlarm: () => Promise<void>
  readonly acknowledgeNotice: () => Promise<void>
  readonly arriveAtVisit: (id: Id) => Promise<SavedView>
  /** The first place of an arrival counts. */
  readonly saveArrivalPlace: (id: Id, place: Place) => Promise<SavedView>
  readonly leaveVisit: (id: Id) => Promise<SavedView>
  readonly saveVisitNote: (id: Id, note: string) => Promise<SavedView>
  readonly saveVerification: (input: VerificationInput) => Promise<SavedView>
  readonly saveFinding: (input: FindingInput) => Promise<SavedView>
  readonly withdrawFinding: (id: Id, reason: string) => Promise<SavedView>
  readonly addComment: (finding: Id, body: string) => Promise<SavedView>
  readonly keepForm: (of: Id, content: string) => Promise<void>
  readonly keptForm: (of: Id) => Promise<string | null>
  readonly dropForm: (of: Id) => Promise<void>
}

/** What the service is made of. */
export interface ServiceParts {
  readonly store: Store
  readonly server: Server
  readonly keys: KeyStore
  /** Where interviews under way keep their keys. */
  readonly talkFiles: TalkFiles
  /** Nothing where no photos are taken. */
  readonly photos?: PhotoParts
  /** Nothing where no map is carried. */
  readonly mapFiles?: MapFiles
  /** Where a bundle is written. */
  readonly bundles?: BundleFiles
  /** Destroys all that this browser keeps, once the database is closed. */
  readonly erase?: () => Promise<void>
  /** The program's, which headquarters is told. */
  readonly version?: string
  readonly tell: (event: StoreEvent) => void
}

/** Puts the service together. */
export function createService(given: ServiceParts): Service {
  const photoParts = given.photos ?? noPhotos()
  const parts = { ...given, photos: photoParts }
  const { database } = parts.store
  const read = <T>(query: () => T) => Promise.resolve().then(query)
  const contact = contacting(parts)
  const photos = sendingPhotos(parts, contact)
  const talk = talking(parts)
  const saves = saving(parts)
  const day = dayService(parts.store, saver(parts))
  // At a visit that is over fewer marks are enough. What fails is done at the next start.
  const over = (work: DayService['closeVisit']) => async (id: Id) => {
    const view = await work(id)
    await talk.releaseMarks().catch(() => undefined)
    return view
  }
  return {
    identity: () => read(() => identityOf(database) ?? null),
    enrol: (code, name) => enrol(parts, code, name),
    visits: () => read(() => visits(database)),
    visit: (id) => read(() => visit(database, id)),
    finding: (id) => read(() => finding(database, id)),
    status: () => read(() => status(database)),
    counts: () => read(() => countEntries(database)),
    sync: syncing(parts, contact, photos.send),
    ...photos.service,
    ...carryingMap(parts, contact),
    ...warning(parts),
    ...keeping(parts, contact, photos.sent),
    ...saves,
    ...talk,
    ...peopleService(parts.store, saver(parts)),
    ...day,
    leaveVisit: over(saves.leaveVisit),
    closeVisit: over(day.closeVisit),
    keepForm: (of, content) =>
      read(() => {
        keepForm(database, of, content)
      }),
    keptForm: (of) => read(() => keptForm(database, of)),
    dropForm: (of) =>
      read(() => {
        dropForm(database, of)
      }),
  }
}

function warning({
  store: { database },
  tell,
}: ServiceParts): Pick<Service, 'warnings' | 'acknowledgeAlarm' | 'acknowledgeNotice'> {
  const change = (work: (database: Database) => void) =>
    Promise.resolve().then(() => {
      work(database)
      tell({ kind: 'changed' })
    })
  return {
    warnings: () => Promise.resolve().then(() => warnings(database)),
    acknowledgeAlarm: () => change(acknowledgeAlarm),
    acknowledgeNotice: () => change(acknowledgeNotice),
  }
}

function keeping(
  parts: WithPhotos,
  contact: () => Promise<Contact>,
  sendPhotos: () => Promise<void>,
): SafetyService {
  const { store, server, keys, bundles, erase, tell } = parts
  return safetyService({
    ...{ store, server, keys, files: parts.photos.files, bundles, erase, contact, sendPhotos },
    changed: () => {
      tell({ kind: 'changed' })
    },
  })
}

/** The parts, with what keeps photos. */
type WithPhotos = ServiceParts & { readonly photos: PhotoParts }

function talking(parts: WithPhotos): TalkService {
  const changed = () => {
    parts.tell({ kind: 'changed' })
  }
  const store = { ...parts.store, files: parts.talkFiles, attachments: parts.photos.files }
  return talkService(store, { save: saver(parts), changed })
}

type Saves =
  | 'arriveAtVisit'
  | 'saveArrivalPlace'
  | 'leaveVisit'
  | 'saveVisitNote'
  | 'saveVerification'
  | 'saveFinding'
  | 'withdrawFinding'
  | 'addComment'

/** Resolves only after COMMIT: capture gives nothing back before. */
function saver({ tell }: ServiceParts) {
  return async (work: () => Saved<Id> | Promise<Saved<Id>>): Promise<SavedView> => {
    const { value, seq } = await work()
    // Whoever saved is answered first: what screens then read again can wait for that.
    setTimeout(() => {
      tell({ kind: 'changed' })
      if (seq !== undefined) tell({ kind: 'saved' })
    })
    return { id: value, changed: seq !== undefined }
  }
}

function saving(parts: ServiceParts): Pick<Service, Saves> {
  const { store } = parts
  const save = saver(parts)
  return {
    arriveAtVisit: (id) => save(() => arriveAtVisit(store, id)),
    saveArrivalPlace: (id, place) => save(() => saveArrivalPlace(store, id, place)),
    leaveVisit: (id) => save(() => leaveVisit(store, id)),
    saveVisitNote: (id, note) => save(() => saveVisitNote(store, id, note)),
    saveVerification: (input) => save(() => saveVerification(store, input)),
    saveFinding: (input) => save(() => saveFinding(store, input)),
    withdrawFinding: (id, reason) => save(() => withdrawFinding(store, id, reason)),
    addComment: (id, body) => save(() => addComment(store, id, body)),
  }
}

/** Gives the one contact with headquarters, whose token all share. */
function contacting({ store, server, keys, tell }: ServiceParts): () => Promise<Contact> {
  let contact: Contact | undefined
  const progress = (now: Progress) => {
    tell({ kind: 'progress', progress: now })
    if (now.kind === 'pull') tell({ kind: 'changed' })
  }
  return async () => {
    const key = await keys.load()
    if (!key) throw new KeyMissingError('no key in the browser')
    contact ??= openContact({ store, server, key, progress })
    return contact
  }
}

function carryingMap(parts: ServiceParts, contact: () => Promise<Contact>): MapService {
  const { store, mapFiles: files = memoryMapFiles(), tell } = parts
  return mapService({
    ...{ database: store.database, files, contact },
    progress: (fetched) => {
      tell({ kind: 'map', fetched })
    },
    changed: () => {
      tell({ kind: 'changed' })
    },
  })
}

function sendingPhotos(parts: WithPhotos, contact: () => Promise<Contact>) {
  const { store, photos, talkFiles: growing, tell } = parts
  return photoService({
    ...{ store, growing, photos, contact, save: saver(parts) },
    progress: (progress) => {
      tell({ kind: 'photo', progress })
    },
    changed: () => {
      tell({ kind: 'changed' })
    },
  })
}

/**
 * Syncs one at a time: who asks during a sync gets that one's result. Photos follow by
 * themselves once the rows are there, and nobody waits for them.
 */
function syncing(
  { store, version, tell }: ServiceParts,
  contact: () => Promise<Contact>,
  sendPhotos: () => void,
): () => Promise<SyncResult> {
  let running: Promise<SyncResult> | undefined
  const run = async (): Promise<SyncResult> => {
    let open: Contact
    try {
      open = await contact()
    } catch (error) {
      return { at: store.clock(), pushed: 0, pulled: 0, failure: failureOf(error) }
    }
    const result = await sync(open, version)
    if (isWipeOrdered(store.database)) tell({ kind: 'wipe' })
    else if (!result.failure) sendPhotos()
    return result
  }
  return () => {
    running ??= run().finally(() => {
      running = undefined
      tell({ kind: 'changed' })
    })
    return running
  }
}
