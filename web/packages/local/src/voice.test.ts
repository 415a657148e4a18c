import { idBytes, type Id } from '@sansuiji/protocol'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'

import { voicesOf } from './attachQueries'
import { formOf, keepForm } from './form'
import { memoryPhotoFiles } from './photoFiles'
import { saveFinding, type FindingInput } from './record'
import { MemoryTalkFiles } from './talk.testing'
import { enrolledStore, ids, start } from './testing'
import { bytesHere, sweep } from './uploadBytes'
import { dropVoice, endVoice, keepVoice, voiceMax, type VoiceStore } from './voice'

const { visit } = ids
const form = formOf.newFinding(visit)

async function world(): Promise<
  VoiceStore & { readonly store: Awaited<ReturnType<typeof enrolledStore>> }
> {
  const store = await enrolledStore()
  const { database, clock } = store
  return { store, database, clock, growing: new MemoryTalkFiles(), files: memoryPhotoFiles() }
}

function input(more: Partial<FindingInput>): FindingInput {
  const none = { id: null, problem: null, severity: null, place: null }
  return { visit, kind: 'problem', title: '公示不全', detail: '', submit: false, ...none, ...more }
}

const piece = (words: string) => new TextEncoder().encode(words)

test('a voice note grows piece by piece, outlives a kill, and is an attachment of its finding', async () => {
  const { store, ...voices } = await world()
  const { database, files } = voices
  await keepVoice(voices, form, { type: 'audio/webm', data: piece('one '), durationMs: 2_000 })
  await keepVoice(voices, form, { type: null, data: piece('two'), durationMs: 4_000 })
  // Killed here: what is there is kept at the next start, as often as somebody asks.
  await sweep(database, files)
  const kept = await endVoice(voices, form)
  expect(kept).toMatchObject({ size: 7, durationMs: 4_000, mediaType: 'audio/webm' })
  expect(kept?.hash).toBe(createHash('sha256').update('one two').digest('hex'))
  expect(kept?.takenAt).toBe(start - 1_000)
  expect(await endVoice(voices, form)).toEqual(kept)
  if (!kept) throw new Error('no note')

  const voice = { ...kept, caption: '', place: null }
  keepForm(database, form, JSON.stringify({ voices: [voice] }))
  await dropVoice(voices, form)
  expect(await endVoice(voices, form)).toBeNull()
  expect(await sweep(database, files), 'the form names it').toBe(0)

  const { value: finding } = saveFinding(store, input({ voices: [voice] }))
  expect(await sweep(database, files), 'the row names it').toBe(0)
  expect(voicesOf(database, files, finding)).toMatchObject([
    { hash: kept.hash, durationMs: 4_000, here: true, there: false, unsent: true },
  ])
  expect(bytesHere(database, files)).toMatchObject([{ hash: kept.hash, size: 7 }])
})

test('a note that begins anew replaces what was given up, and ends when it is too long', async () => {
  const voices = await world()
  await keepVoice(voices, form, { type: 'audio/webm', data: piece('given up'), durationMs: 900 })
  await keepVoice(voices, form, { type: 'audio/webm', data: piece('anew'), durationMs: 500 })
  expect(await endVoice(voices, form)).toMatchObject({ size: 4, durationMs: 500 })
  const data = new Uint8Array(voiceMax)
  expect(await keepVoice(voices, form, { type: null, data, durationMs: 9e6 })).toBe(false)
  expect(await endVoice(voices, form)).toMatchObject({ size: 4 })
})

test('a finding says what it is about, who should mend it, and by when', async () => {
  const { store } = await world()
  const dueAt = Date.UTC(2026, 11, 31)
  const said = { topic: 'funds', responsibleUnit: ' 測試村 ', dueAt }
  const { value: id } = saveFinding(store, input(said))
  const row = (of: Id) => store.database.row('SELECT * FROM finding WHERE id = ?', idBytes(of))
  expect(row(id)).toMatchObject({ topic: 'funds', responsible_unit: '測試村', due_at: dueAt })
  saveFinding(store, input({ id, ...said, topic: null, responsibleUnit: '', dueAt: null }))
  expect(row(id)).toMatchObject({ topic: null, responsible_unit: null, due_at: null })
})
