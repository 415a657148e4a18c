/**
 * Interviews: begun with a consent, kept encrypted while they are held, then sealed to
 * headquarters in one entry, after which this device cannot read them any more.
 *
 * What a kill leaves: a key file belongs to an interview under way exactly while its draft
 * is kept. The draft is forgotten in the transaction that saves the sealed row, and the key
 * is shredded after it; a start shreds the keys that have no draft.
 */
import { idBytes, newId, type Id } from '@sansuiji/protocol'

import { capture, type Saved, type Store } from './capture'
import type { Database } from './database'
import { requireOpened } from './opening'
import { MissingError } from './record'
import { RefusedError } from './refused'
import { remove, requireIdentity, set } from './state'
import type { PhotoFiles } from './photoFiles'
import { documentBytes, documentOf } from './talkDocument'
import {
  draftIds,
  dropDraft,
  hasDraft,
  keepDraft,
  readDraft,
  type Agreed,
  type Draft,
  type TalkForm,
} from './talkDraft'
import type { TalkFiles } from './talkFiles'
import { forgetMarks, holdMarks, newTag } from './talkMarks'
import { talkQuestions } from './talkQuestions'
import { newCode, putTalk, requireRecipients, settingOf } from './talkRows'
import { keepChunk, mendSound, soundFile, type SoundChunk } from './talkSound'
import { attachSealed, growingFile, sealSound } from './talkSoundSeal'
import { createKey, keyedIds, keyFile, loadKey } from './talkVault'
import { sealTo } from './seal'
import { turnsOf } from './turns'
import { clean } from './write'

/** What interviews need. */
export interface TalkStore extends Store {
  readonly files: TalkFiles
  /** Where sealed sound waits until it is sent. */
  readonly attachments: PhotoFiles
}

/** Who is asked to talk. */
export interface TalkAsked {
  readonly visit: Id
  /** On the roster; null for somebody whom chance did not choose. */
  readonly key: string | null
}

/** Somebody who agreed. */
export interface TalkInput extends TalkAsked {
  readonly consent: Agreed
  readonly language: string
}

const empty: TalkForm = { at: 0, answers: {}, name: '', notes: '' }

/** Begins an interview. Refuses one that could not be sealed, and one out of turn. */
export async function beginTalk(store: TalkStore, input: TalkInput): Promise<Id> {
  const { database, files, random } = store
  requireIdentity(database)
  requireRecipients(database)
  requireTurn(database, input)
  const at = store.clock()
  const id = newId(at, random)
  const code = newCode(database, input.visit, random)
  const tag = newTag(random)
  const key = await createKey(files, id, random)
  const draft: Draft = { version: 1, ...input, code, tag, consentAt: at, form: empty }
  await keepDraft({ database, random, id, key }, draft)
  return id
}

/** Nobody is interviewed as drawn whose turn it is not. */
function requireTurn(database: Database, { visit, key }: TalkAsked): void {
  if (key === null) return
  const { site, opened } = requireOpened(database, visit)
  const { order, asking } = turnsOf(database, site, opened)
  const allowed = order.slice(0, asking.allowed).some((one) => one.key === key)
  if (!allowed || asking.stateOf(key).over) throw new RefusedError('talk-turn', key)
}

/** Records that somebody would not be interviewed. Who it was is not in it. */
export function refuseTalk(store: TalkStore, { visit, key }: TalkAsked): Saved<Id> {
  requireTurn(store.database, { visit, key })
  return capture(store, (saving) => {
    const id = newId(saving.at, saving.random)
    const code = newCode(saving.database, visit, saving.random)
    const { at } = saving
    const when = { consentAt: at, endedAt: at }
    const row = { visit, code, drawn: key !== null, consent: 'refused', ...when }
    putTalk(saving, id, { ...row, sealed: null, sealedTo: null })
    return id
  })
}

/** An interview under way, opened. */
export async function openDraft(store: TalkStore, id: Id): Promise<OpenDraft> {
  const key = hasDraft(store.database, id) ? await loadKey(store.files, id) : null
  if (!key) throw new RefusedError('talk-over')
  return { key, draft: await readDraft(store.database, id, key) }
}

/** A draft and its key. */
export interface OpenDraft {
  readonly key: CryptoKey
  readonly draft: Draft
}

/** Writes down what was typed and tapped. */
export async function keepTalk(store: TalkStore, id: Id, form: TalkForm): Promise<void> {
  const { key, draft } = await openDraft(store, id)
  const { database, random } = store
  await keepDraft({ database, random, id, key }, { ...draft, form })
}

/** Writes down sound, where somebody agreed to it. False when there is no more room. */
export async function keepTalkSound(store: TalkStore, id: Id, chunk: SoundChunk): Promise<boolean> {
  const { key, draft } = await openDraft(store, id)
  if (draft.consent !== 'given') throw new RefusedError('talk-silent')
  return keepChunk({ files: store.files, id, key }, chunk, store.random)
}

/**
 * Seals an interview as its form is now. Row, sound's rows and the end of the draft are one
 * transaction; when it resolves the key is shredded, or will be at the next start. Marks
 * that stay readable are held back until `releaseMarks` finds enough of them.
 */
export async function sealTalk(store: TalkStore, id: Id, form: TalkForm): Promise<Saved<Id>> {
  const { database, files, attachments } = store
  const recipients = requireRecipients(database)
  const { key, draft: kept } = await openDraft(store, id)
  const draft = { ...kept, form }
  const { visit } = draft
  const questions = talkQuestions(database, visit)
  const sound = await sealSound({ files, id, key, recipients, attachments })
  const endedAt = Math.max(store.clock(), draft.consentAt)
  const setting = settingOf(database, visit)
  const parts = { id, draft, questions, setting, sound: sound.list, endedAt }
  const sealed = await sealTo(recipients, documentBytes(documentOf(parts)))
  await holdMarks(store, { interview: id, draft, questions })
  const drawn = draft.key !== null
  const saved = capture(store, (saving) => {
    const sealedTo = recipients.join('\n')
    putTalk(saving, id, { ...draft, drawn, endedAt, sealed, sealedTo })
    attachSealed(saving, { visit, interview: id, endedAt }, sound.files)
    dropDraft(database, id)
    if (draft.key !== null) set(database, 'talked', JSON.stringify({ visit, key: draft.key }))
    return id
  })
  // What was saved stays saved, whatever the disk does now: the next start sweeps.
  await shredTalk(files, id).catch(() => undefined)
  return saved
}

/** Throws an interview under way away: nobody can read it any more. */
export async function dropTalk(store: TalkStore, id: Id): Promise<void> {
  // Marks are there only if a kill came while it was sealed.
  const opened = await openDraft(store, id).catch(() => null)
  if (opened) await forgetMarks(store, id, opened.draft)
  dropDraft(store.database, id)
  await shredTalk(store.files, id)
}

/** The key first: then all else is noise already. */
async function shredTalk(files: TalkFiles, id: Id): Promise<void> {
  await files.shred(keyFile(id))
  await files.shred(soundFile(id))
  await files.shred(growingFile(id))
}

/** Shreds what a kill left of interviews that are over. Call it at each start. */
export async function sweepTalks({ database, files }: TalkStore): Promise<void> {
  const open = new Set(draftIds(database))
  for (const id of await keyedIds(files)) {
    if (!open.has(id)) await shredTalk(files, id)
  }
  for (const name of await files.names()) {
    const [, id, kind] = /^([0-9a-f-]{36})\.(sound|sealing)$/.exec(name) ?? []
    if (id === undefined) continue
    if (kind === 'sealing' || !open.has(id as Id)) await files.shred(name)
    else await mendSound(files, id as Id)
  }
}

/** Says why an interview does not hold. It stays. */
export function withdrawTalk(store: Store, id: Id, reason: string): Saved<Id> {
  const why = clean(reason)
  if (why === '') throw new MissingError('reason')
  return capture(store, (saving) => {
    saving.database.run(
      `UPDATE interview SET withdrawn_at = ?, withdrawn_reason = ?
       WHERE id = ? AND withdrawn_at IS NULL`,
      saving.at,
      why,
      idBytes(id),
    )
    return id
  })
}

/** Forgets that a contact is still to be recorded. */
export function forgetTalked(database: Database): void {
  remove(database, 'talked')
}
