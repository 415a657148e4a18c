/**
 * Sends the bytes of attachments after their rows, one at a time, for as long as the person
 * and the line allow. What headquarters has is what it says it does not miss, no less.
 */
import type { Contact } from './contact'
import type { Database } from './database'
import { failureOf, isProblem, OfflineError, ProblemError } from './failure'
import type { PhotoFiles } from './photoFiles'
import { requireIdentity } from './state'
import { upload } from './upload'
import { askMissing, settle } from './uploadAsk'
import { bytesHere, readBytes, type Bytes } from './uploadBytes'
import { forgetIfRestored, noteFailure, uploadChoice } from './uploadState'

/** What carries the bytes, as far as the browser tells. */
export type LineKind = 'free' | 'paid' | 'unknown'

/** How far the photo that is being sent has come. Bytes. */
export interface PhotoProgress {
  readonly hash: string
  readonly sent: number
  readonly size: number
}

/** Why nothing is being sent though something waits. */
export type Hold = 'paused' | 'wifi' | 'offline'

/** What the queue is made of. */
export interface QueueParts {
  readonly database: Database
  readonly files: PhotoFiles
  readonly contact: () => Promise<Contact>
  readonly line: () => LineKind
  readonly progress: (progress: PhotoProgress | null) => void
  /** What is known of bytes has changed. */
  readonly changed: () => void
  /** Resolves after a time, or at once when the signal says so. */
  readonly wait: (millis: number, signal: AbortSignal) => Promise<void>
}

/** Waits between attempts while headquarters does not answer. Milliseconds. */
const retryWaits = [5_000, 15_000, 60_000, 300_000]

/** How often in one go a photo is sent that headquarters took and still misses. */
const sendsMax = 2

/** Sends what waits. */
export class UploadQueue {
  readonly #parts: QueueParts
  #running: Promise<void> | undefined
  #again = false
  #offline = false
  /** Breaks off the request under way. */
  #stop = new AbortController()
  /** Ends a wait before the next attempt. */
  #wake = new AbortController()
  #progress: PhotoProgress | null = null

  constructor(parts: QueueParts) {
    this.#parts = parts
  }

  /** Starts sending, or goes on now instead of later. It never throws, and nobody need wait for it. */
  kick(): Promise<void> {
    this.#again = true
    this.#wake.abort()
    if (!this.#allowed()) this.#stop.abort()
    this.#running ??= this.#run()
      // The store was closed meanwhile: its next owner sends.
      .catch(() => undefined)
      .finally(() => {
        this.#running = undefined
        this.#show(null)
        this.#parts.changed()
        // Somebody kicked in the last moment.
        if (this.#again) void this.kick()
      })
    return this.#running
  }

  /** Why it stands still; nothing while it sends or has nothing to do. */
  hold(): Hold | null {
    const { database, line } = this.#parts
    const { paused, wifiOnly } = uploadChoice(database)
    if (paused) return 'paused'
    if (wifiOnly && line() === 'paid') return 'wifi'
    return this.#offline ? 'offline' : null
  }

  /** What is being sent. */
  progress(): PhotoProgress | null {
    return this.#progress
  }

  #allowed(): boolean {
    const hold = this.hold()
    return hold === null || hold === 'offline'
  }

  async #run(): Promise<void> {
    for (let tries = 0; this.#again && this.#allowed();) {
      this.#again = false
      this.#wake = new AbortController()
      try {
        await this.#sendAll()
        this.#offline = false
        tries = 0
      } catch (error) {
        if (this.#stop.signal.aborted) continue
        // A store that was closed meanwhile, or a device without its key: the next sync tells.
        if (!isPassing(error)) return
        this.#offline = true
        this.#again = true
        this.#show(null)
        this.#parts.changed()
        const wait = retryWaits[Math.min(tries++, retryWaits.length - 1)] ?? 0
        await this.#parts.wait(wait, this.#wake.signal)
      }
    }
    this.#again = false
  }

  /** Sends until nothing waits. Fails when headquarters cannot be reached. */
  async #sendAll(): Promise<void> {
    const { database, files } = this.#parts
    this.#stop = new AbortController()
    const contact = await this.#parts.contact()
    const sends = new Map<string, number>()
    for (;;) {
      forgetIfRestored(database)
      await askMissing(contact, files)
      this.#parts.changed()
      const waiting = bytesHere(database, files).filter(
        ({ hash, state }) => !state.there && (sends.get(hash) ?? 0) < sendsMax,
      )
      if (waiting.length === 0) return
      for (const one of waiting) {
        if (!this.#allowed()) return
        const sent = await this.#send(contact, one)
        sends.set(one.hash, sent ? (sends.get(one.hash) ?? 0) + 1 : sendsMax)
      }
    }
  }

  /** Sends one. False when it failed for a reason of its own, which is written down. */
  async #send(contact: Contact, { hash, size }: Bytes): Promise<boolean> {
    const { database, files, wait } = this.#parts
    const { signal } = this.#stop
    const bytes = await readBytes(database, files, hash)
    if (!bytes) return false
    const { campaign } = requireIdentity(database)
    const progress = (sent: number) => {
      this.#show({ hash, sent, size })
    }
    try {
      const pause = (millis: number) => wait(millis, signal)
      await upload(contact, { campaign, hash, bytes, progress, signal, wait: pause })
      noteFailure(database, hash, null)
      await settle(contact, [hash])
      this.#parts.changed()
      return true
    } catch (error) {
      if (signal.aborted || isPassing(error)) throw error
      noteFailure(database, hash, failureOf(error))
      this.#parts.changed()
      return false
    }
  }

  #show(progress: PhotoProgress | null): void {
    this.#progress = progress
    this.#parts.progress(progress)
  }
}

/** Whether trying again later may help, whatever the photo. */
function isPassing(error: unknown): boolean {
  if (error instanceof OfflineError) return true
  return isProblem(error, 'busy') || (error instanceof ProblemError && error.problem.status >= 500)
}
