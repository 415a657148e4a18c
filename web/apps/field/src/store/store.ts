/** The open store for all screens: who this device is, what changed, what is being synced. */
import {
  FailureError,
  openStore,
  type Failure,
  type Identity,
  type Listener,
  type StoreClient,
} from '@sansuiji/local'
import type { PhotoProgress, Progress, Service, StoreEvent, SyncResult } from '@sansuiji/local'
import { inject, reactive, ref, shallowRef, type InjectionKey } from 'vue'

import { browserPreferences } from '@sansuiji/ui'

import { startAutoSync } from './autosync'
import { newWorker, takeBegun, type Begun } from './begin'
import { forgetWiped, wipedBefore, wipePage, type Leaving } from './leaving'
import { keepMarker, readMarker, writeMarker, type Marker } from './marker'
import { Claim, unsupported, type Ownership } from './ownership'

/** Changes in quick succession are marked once. Milliseconds. */
const markMs = 1_000

/** The open store, in step with its worker. */
export class AppStore {
  readonly ownership = shallowRef<Ownership>({ kind: 'opening' })
  readonly identity = shallowRef<Identity | null>(null)
  /** Rises when rows or the outbox changed: read again. */
  readonly revision = ref(0)
  readonly syncing = reactive<{ running: boolean; progress: Progress | null }>({
    running: false,
    progress: null,
  })
  /** How far the photo that is being sent has come. */
  readonly uploading = shallowRef<PhotoProgress | null>(null)
  /** How many bytes of the map that is being fetched are here. */
  readonly mapFetched = ref(0)
  /** Headquarters told this phone to wipe itself, or did before. */
  readonly leaving = shallowRef<Leaving | null>(wipedBefore())
  /** What is known of this phone, whose data the browser has lost. */
  readonly lost = shallowRef<Marker | null>(null)
  readonly claim: Claim
  /** Settles when the database is ours for the first time. */
  readonly opened: Promise<void>
  /** Settles when all of the store is there for the first time, after what is shown first. */
  readonly whole: Promise<void>
  readonly #flushes = new Set<() => Promise<void>>()
  readonly #saved = new EventTarget()
  readonly #saves = new Set<Promise<unknown>>()
  readonly #preferences = browserPreferences()
  #marking: ReturnType<typeof setTimeout> | undefined

  constructor() {
    const { promise, resolve } = promised<StoreClient>()
    this.opened = promise.then(() => undefined)
    this.whole = promise.then(({ whole }) => whole)
    this.claim = new Claim({
      locks: navigator.locks,
      channel: new BroadcastChannel('sansuiji-database'),
      begun: takeBegun,
      open: (begun) => this.#open(begun),
      failureOf,
      beforeRelease: () => this.keepForms(),
      changed: (now) => {
        this.ownership.value = now
        if (now.kind === 'owner') resolve(now.client)
      },
    })
    const ready = () => this.ownership.value.kind === 'owner' && this.identity.value !== null
    startAutoSync({ saved: this.#saved, ready, sync: () => this.sync() })
  }

  /** Takes the database, where this browser can keep one. */
  start(): void {
    const cannot = unsupported()
    if (cannot) this.ownership.value = cannot
    else void this.claim.open()
  }

  /** The service; asking for it while the database is not ours fails. */
  service(): Service {
    const { value } = this.ownership
    if (value.kind !== 'owner')
      throw new FailureError({ kind: 'broken', detail: 'store is closed' })
    return value.client.service
  }

  async sync(): Promise<SyncResult> {
    this.syncing.running = true
    try {
      return await this.service().sync()
    } finally {
      this.syncing.running = false
      this.syncing.progress = null
    }
  }

  async enrol(code: string, name: string): Promise<void> {
    this.identity.value = await this.service().enrol(code, name)
    this.#mark()
  }

  /** Remembers what headquarters said that it has of a phone whose data is lost. */
  noteHeld(lost: Marker, held: number): void {
    keepMarker(this.#preferences, { ...lost, unsent: Math.max(0, lost.made - held) })
  }

  /** The person has read that the data is gone, and begins anew. */
  beginAnew(): void {
    this.lost.value = null
    this.leaving.value = null
    forgetWiped()
  }

  /** Waits for a save; forms keep still meanwhile. */
  async saving<T>(save: Promise<T>): Promise<T> {
    this.#saves.add(save)
    return save.finally(() => this.#saves.delete(save))
  }

  isSaving(): boolean {
    return this.#saves.size > 0
  }

  /** Resolves when no save is under way, and whoever saved has heard of it. */
  async untilSaved(): Promise<void> {
    await Promise.allSettled(this.#saves)
    await new Promise((heard) => setTimeout(heard))
  }

  /** Registers what must be written down before the database is let go; gives the way to unregister. */
  beforeRelease(flush: () => Promise<void>): () => void {
    this.#flushes.add(flush)
    return () => this.#flushes.delete(flush)
  }

  /** Writes down what was typed into forms and is not saved. */
  async keepForms(): Promise<void> {
    await Promise.all([...this.#flushes].map((flush) => flush()))
  }

  async #open(begun: Begun | null): Promise<StoreClient> {
    const listener: Listener = {
      event: (event) => {
        this.#hear(event)
      },
      crashed: (failure) => {
        this.claim.crashed(failure)
      },
    }
    const client = await (begun ? begun.open(listener) : openStore(newWorker(), listener))
    const identity = await client.service.identity()
    this.identity.value = identity
    this.lost.value = identity ? null : readMarker(this.#preferences)
    if (identity) this.#mark()
    if (identity && (await client.service.isLeaving())) void this.#leave(client)
    return client
  }

  /** Writes down how this phone stands, where it outlives the database; soon, and once. */
  #mark(): void {
    this.#marking ??= setTimeout(() => {
      this.#marking = undefined
      void this.#markNow().catch(() => undefined) // closed meanwhile
    }, markMs)
  }

  async #markNow(): Promise<void> {
    const summary = await this.service().summary()
    const identity = this.identity.value
    if (!identity || this.leaving.value) return
    writeMarker(this.#preferences, identity, { ...summary, at: new Date().getTime() })
  }

  /** Brings headquarters what it lacks, and wipes the phone. */
  async #leave({ service, close }: StoreClient): Promise<void> {
    if (this.leaving.value) return
    this.leaving.value = { kind: 'bringing', unsent: null }
    try {
      const left = await service.leave()
      const at = new Date().getTime()
      this.identity.value = null
      await wipePage(left, at)
      this.leaving.value = { kind: 'left', left, at }
    } catch (error) {
      const failure = failureOf(error)
      const detail = failure.kind === 'broken' ? failure.detail : failure.kind
      this.leaving.value = { kind: 'stuck', detail }
    }
    void close()
  }

  async #showUnsent(): Promise<void> {
    const { entries, attachments } = await this.service().bundlePlan()
    if (this.leaving.value?.kind !== 'bringing') return
    this.leaving.value = { kind: 'bringing', unsent: { entries, attachments } }
  }

  #hear(event: StoreEvent): void {
    switch (event.kind) {
      case 'changed':
        this.revision.value += 1
        this.#mark()
        if (this.leaving.value) void this.#showUnsent().catch(() => undefined)
        return
      case 'wipe':
        if (this.ownership.value.kind === 'owner') void this.#leave(this.ownership.value.client)
        return
      case 'saved':
        this.#saved.dispatchEvent(new Event('saved'))
        return
      case 'photo':
        this.uploading.value = event.progress
        return
      case 'map':
        this.mapFetched.value = event.fetched
        return
      case 'progress':
        this.syncing.progress = event.progress
    }
  }
}

function promised<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

export const storeKey: InjectionKey<AppStore> = Symbol('store')

/** The store of the app. */
export function useStore(): AppStore {
  const store = inject(storeKey)
  if (!store) throw new Error('no store above this component')
  return store
}

/** What went wrong, as data. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure
  return { kind: 'broken', detail: error instanceof Error ? error.message : String(error) }
}
