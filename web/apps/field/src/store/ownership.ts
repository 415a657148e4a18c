/**
 * One tab at a time owns the phone's database. The owner holds a Web Lock; another
 * tab can ask it to let go.
 */
import type { Failure, StoreClient } from '@sansuiji/local'

import { isAble, lockName, type Begun } from './begin'

/** Where this tab stands. */
export type Ownership =
  | { readonly kind: 'opening' }
  | { readonly kind: 'owner'; readonly client: StoreClient }
  /** Another tab has it. */
  | { readonly kind: 'elsewhere'; readonly asking: boolean; readonly unanswered: boolean }
  /** The database could not be opened, or its worker died. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** This browser or address cannot keep a database. */
  | { readonly kind: 'unsupported'; readonly insecure: boolean }

/** What ownership works with; a test brings its own. */
export interface OwnershipParts {
  readonly locks: LockManager
  readonly channel: BroadcastChannel
  /** What was begun before the screens were here; to be had once. */
  readonly begun: () => Promise<Begun | null>
  readonly open: (begun: Begun | null) => Promise<StoreClient>
  readonly failureOf: (error: unknown) => Failure
  /** Lets forms write down what was typed before the database is closed. */
  readonly beforeRelease: () => Promise<void>
  readonly changed: (ownership: Ownership) => void
}

/** How long an owner may take to let go. Milliseconds. */
export const releaseWaitMs = 8_000

/** A tab's claim on the database. */
export class Claim {
  readonly #parts: OwnershipParts
  #release: (() => void) | undefined
  #client: StoreClient | undefined

  constructor(parts: OwnershipParts) {
    this.#parts = parts
    parts.channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === 'release') void this.#letGo()
    }
  }

  /** Takes the database if nobody has it. */
  async open(): Promise<void> {
    this.#parts.changed({ kind: 'opening' })
    const begun = await this.#parts.begun()
    if (begun) {
      this.#release = begun.release
      await this.#openStore(begun)
      return
    }
    const free = await this.#hold({ ifAvailable: true })
    if (!free) this.#parts.changed({ kind: 'elsewhere', asking: false, unanswered: false })
  }

  /** Asks the tab that has it to let go, and takes it. */
  async takeOver(): Promise<void> {
    this.#parts.changed({ kind: 'elsewhere', asking: true, unanswered: false })
    this.#parts.channel.postMessage('release')
    try {
      await this.#hold({ signal: AbortSignal.timeout(releaseWaitMs) })
    } catch {
      this.#parts.changed({ kind: 'elsewhere', asking: false, unanswered: true })
    }
  }

  /** Opens the database again after it could not be opened or its worker died. */
  async reopen(): Promise<void> {
    await this.#close()
    if (this.#release) await this.#openStore()
    else await this.open()
  }

  /** The worker died: the lock stays ours, so that no other tab runs into its files. */
  crashed(failure: Failure): void {
    this.#parts.changed({ kind: 'failed', failure })
  }

  /** Resolves once it is known whether the lock is ours; then it is held until released. */
  #hold(options: LockOptions): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      this.#parts.locks
        .request(lockName, options, async (lock) => {
          resolve(lock !== null)
          if (lock === null) return
          const released = new Promise<void>((done) => {
            this.#release = done
          })
          await this.#openStore()
          await released
        })
        .catch(reject)
    })
  }

  async #openStore(begun: Begun | null = null): Promise<void> {
    this.#parts.changed({ kind: 'opening' })
    try {
      this.#client = await this.#parts.open(begun)
      this.#parts.changed({ kind: 'owner', client: this.#client })
    } catch (error) {
      this.#parts.changed({ kind: 'failed', failure: this.#parts.failureOf(error) })
    }
  }

  async #letGo(): Promise<void> {
    const release = this.#release
    if (!release) return
    await this.#parts.beforeRelease().catch(() => undefined)
    await this.#close()
    this.#parts.changed({ kind: 'elsewhere', asking: false, unanswered: false })
    this.#release = undefined
    release()
  }

  async #close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.close()
  }
}

/** Whether this browser can keep a database at this address; undefined when it can. */
export function unsupported(): Ownership | undefined {
  if (!window.isSecureContext) return { kind: 'unsupported', insecure: true }
  return isAble() ? undefined : { kind: 'unsupported', insecure: false }
}
