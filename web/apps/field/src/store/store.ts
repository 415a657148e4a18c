/** The open store for all screens: who this device is, what changed, what is being synced. */
import {
  FailureError,
  openStore,
  type Failure,
  type Identity,
  type StoreClient,
} from '@sansuiji/local'
import type { PhotoProgress, Progress, Service, StoreEvent, SyncResult } from '@sansuiji/local'
import StoreWorker from '@sansuiji/local/worker?worker'
import { inject, reactive, ref, shallowRef, type InjectionKey } from 'vue'

import { startAutoSync } from './autosync'
import { Claim, unsupported, type Ownership } from './ownership'

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
  readonly claim: Claim
  /** Settles when the database is ours for the first time. */
  readonly opened: Promise<void>
  readonly #flushes = new Set<() => Promise<void>>()
  readonly #saved = new EventTarget()

  constructor() {
    const { promise, resolve } = promised()
    this.opened = promise
    this.claim = new Claim({
      locks: navigator.locks,
      channel: new BroadcastChannel('sansuiji-database'),
      open: () => this.#open(),
      failureOf,
      beforeRelease: async () => {
        await Promise.all([...this.#flushes].map((flush) => flush()))
      },
      changed: (now) => {
        this.ownership.value = now
        if (now.kind === 'owner') resolve()
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
  }

  /** Registers what must be written down before the database is let go; gives the way to unregister. */
  beforeRelease(flush: () => Promise<void>): () => void {
    this.#flushes.add(flush)
    return () => this.#flushes.delete(flush)
  }

  async #open(): Promise<StoreClient> {
    const client = await openStore(new StoreWorker(), {
      event: (event) => {
        this.#hear(event)
      },
      crashed: (detail) => {
        this.claim.crashed({ kind: 'broken', detail })
      },
    })
    this.identity.value = await client.service.identity()
    return client
  }

  #hear(event: StoreEvent): void {
    switch (event.kind) {
      case 'changed':
        this.revision.value += 1
        return
      case 'saved':
        this.#saved.dispatchEvent(new Event('saved'))
        return
      case 'photo':
        this.uploading.value = event.progress
        return
      case 'progress':
        this.syncing.progress = event.progress
    }
  }
}

function promised(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
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
