/** What tests of interviews share: a folder that remembers its disk, and a unit with questions. */
import { copy, idBytes, type Bytes, type Id } from '@sansuiji/protocol'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'

import type { Database } from './database'
import { memoryPhotoFiles } from './photoFiles'
import type { TalkStore } from './talk'
import type { TalkFiles } from './talkFiles'
import { enrolledStore, ids, someId } from './testing'

/** A step of a folder: what a disk saw of it, in order. */
export type Step = `${'write' | 'zero' | 'remove'} ${string}`

/** A folder in memory that can be killed at a step. */
export class MemoryTalkFiles implements TalkFiles {
  readonly files = new Map<string, Bytes>()
  readonly steps: Step[] = []
  /** The step at which the app is killed: it and all later ones do not happen. */
  killAt: Step | null = null
  #dead = false

  /** Starts again after a kill. */
  revive(): void {
    this.#dead = false
    this.killAt = null
  }

  names(): Promise<readonly string[]> {
    return Promise.resolve([...this.files.keys()])
  }

  sizeOf(name: string): Promise<number> {
    return Promise.resolve(this.files.get(name)?.length ?? 0)
  }

  read(name: string, from = 0, to = Infinity): Promise<Bytes | null> {
    const bytes = this.files.get(name)
    return Promise.resolve(bytes ? copy(bytes.subarray(from, Math.min(to, bytes.length))) : null)
  }

  async write(name: string, bytes: Uint8Array, at: number): Promise<void> {
    await this.#step(`write ${name}`)
    const before = this.files.get(name) ?? new Uint8Array()
    const after = new Uint8Array(at + bytes.length)
    after.set(before.subarray(0, at))
    after.set(bytes, at)
    this.files.set(name, after)
  }

  async shred(name: string): Promise<void> {
    const bytes = this.files.get(name)
    if (!bytes) return
    await this.#step(`zero ${name}`)
    this.files.set(name, new Uint8Array(bytes.length))
    await this.#step(`remove ${name}`)
    this.files.delete(name)
  }

  async #step(step: Step): Promise<void> {
    if (this.#dead || step === this.killAt) {
      this.#dead = true
      throw new Error(`killed at ${step}`)
    }
    this.steps.push(step)
    return Promise.resolve()
  }
}

/** A store with a folder for interviews. */
export interface TestTalkStore extends TalkStore {
  readonly files: MemoryTalkFiles
}

/** Headquarters' key, and a device that seals to it. */
export async function sealingStore(): Promise<{
  readonly store: TestTalkStore
  readonly identity: string
}> {
  const identity = await generateX25519Identity()
  const store = {
    ...(await enrolledStore()),
    files: new MemoryTalkFiles(),
    attachments: memoryPhotoFiles(),
  }
  seedCampaign(store.database, await identityToRecipient(identity))
  return { store, identity }
}

/** Puts in to whom the campaign seals. */
export function seedCampaign(database: Database, sealTo: string | null): void {
  database.run(
    `INSERT INTO campaign (id, code, name, seal_to) VALUES (?, '2026Q4', '第四批', ?)
     ON CONFLICT DO UPDATE SET seal_to = excluded.seal_to`,
    idBytes(ids.campaign),
    sealTo,
  )
}

/** What a question is of, where a test does not take the usual. */
export interface TestQuestion {
  readonly code: string
  readonly kind: string
  readonly usage?: string
  readonly category?: string | null
  readonly readable?: number
  readonly options?: string
  readonly withdrawnAt?: number
}

/** Puts in a question and gives its id. */
export function seedQuestion(database: Database, n: number, of: TestQuestion): Id {
  const id = someId(200 + n)
  database.run(
    `INSERT INTO question
       (id, code, usage, category, position, text, kind, options, scale_max, readable, withdrawn_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    idBytes(id),
    of.code,
    of.usage ?? 'interview',
    of.category ?? null,
    n,
    `第${n}題`,
    of.kind,
    of.options ?? null,
    of.kind === 'scale' ? 5 : null,
    of.readable ?? 0,
    of.withdrawnAt ?? null,
  )
  return id
}
