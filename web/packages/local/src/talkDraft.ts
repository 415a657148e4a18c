/** An interview under way: what it holds, and how it is kept, encrypted, beside the kept forms. */
import { utf8, type Bytes, type Id, type Random } from '@sansuiji/protocol'

import type { Database } from './database'
import { text } from './row'
import { get, remove, set } from './state'
import type { Answers } from './talkQuestions'
import { decrypt, encrypt } from './talkVault'

/** To what somebody agreed who is interviewed. */
export type Agreed = 'given' | 'no-sound'

/** What the interviewer types and taps. */
export interface TalkForm {
  /** The question that is shown; as many as there are questions: the last page. */
  readonly at: number
  readonly answers: Answers
  /** Where somebody wants it to be known. */
  readonly name: string
  readonly notes: string
}

/** All of an interview under way but its sound. */
export interface Draft {
  readonly version: 1
  readonly visit: Id
  readonly code: string
  /** Of its marks while they are held back; of chance, and kept nowhere else. */
  readonly tag: string
  /** On the roster; null for somebody whom chance did not choose. */
  readonly key: string | null
  readonly consent: Agreed
  /** Unix milliseconds. */
  readonly consentAt: number
  /** Of the screens it is held with. */
  readonly language: string
  readonly form: TalkForm
}

const prefix = 'talk:'

function nameOf(id: Id): `talk:${string}` {
  return `talk:${id}`
}

/** The interviews under way, oldest first. */
export function draftIds(database: Database): readonly Id[] {
  const sql = 'SELECT name FROM device_state WHERE substr(name, 1, ?) = ? ORDER BY name'
  const rows = database.rows(sql, prefix.length, prefix)
  return rows.map((row) => text(row, 'name').slice(prefix.length) as Id)
}

/** Whether an interview is under way. */
export function hasDraft(database: Database, id: Id): boolean {
  return get(database, nameOf(id)) !== null
}

/** An open interview and what is needed to write it down. */
export interface Keeping {
  readonly database: Database
  readonly random: Random
  readonly id: Id
  readonly key: CryptoKey
}

/** Writes a draft down. Durable when it resolves. */
export async function keepDraft(keeping: Keeping, draft: Draft): Promise<void> {
  const { database, random, id, key } = keeping
  const plain: Bytes = utf8(JSON.stringify(draft))
  set(database, nameOf(id), await encrypt(key, { id, part: 'draft' }, plain, random))
}

/** Reads a draft; throws when it cannot be decrypted. */
export async function readDraft(database: Database, id: Id, key: CryptoKey): Promise<Draft> {
  const kept = get(database, nameOf(id))
  if (!(kept instanceof Uint8Array)) throw new Error(`interview ${id}: no draft`)
  const plain = await decrypt(key, { id, part: 'draft' }, kept)
  return JSON.parse(new TextDecoder().decode(plain)) as Draft
}

/** Forgets a draft; its key must be shredded next. */
export function dropDraft(database: Database, id: Id): void {
  remove(database, nameOf(id))
}
