import { idBytes, parseEntry, type Id } from '@sansuiji/protocol'
import { Decrypter } from 'age-encryption'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'

import { failureOf } from './failure'
import { people } from './people'
import { entryAt, countEntries } from './outbox'
import { memoryPhotoFiles } from './photoFiles'
import { savePeople } from './roster'
import { bytes, text } from './row'
import type { SavedView } from './service'
import {
  beginTalk,
  dropTalk,
  keepTalk,
  keepTalkSound,
  refuseTalk,
  sealTalk,
  sweepTalks,
  withdrawTalk,
} from './talk'
import {
  MemoryTalkFiles,
  sealingStore,
  seedCampaign,
  seedQuestion,
  type TestTalkStore,
} from './talk.testing'
import type { SealedInterview } from './talkDocument'
import type { TalkForm } from './talkDraft'
import { talkService, type TalkService } from './talkService'
import { talk, talks } from './talkViews'
import { ids } from './testing'
import { openByCode, tellCode } from './unlock'
import { makeVillage, phoneIn } from './village.testing'

const { visit } = ids
const secret = '張三說賬上少了三萬'

function formWith(more: Partial<TalkForm> = {}): TalkForm {
  return { at: 0, answers: {}, name: '', notes: '', ...more }
}

function begin(store: TestTalkStore, key: string | null = null): Promise<Id> {
  return beginTalk(store, { visit, key, consent: 'given', language: 'zh' })
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(() => null, failureOf)
}

/** All bytes of the database's file: its pages, freed ones too. */
function disk({ database, files }: TestTalkStore): Buffer {
  const { capi } = database.sqlite3
  const pages = capi.sqlite3_js_db_export(database.connection)
  return Buffer.concat([pages, ...files.files.values()])
}

function holds(store: TestTalkStore, words: string): boolean {
  const all = disk(store)
  return all.includes(Buffer.from(words)) || all.includes(Buffer.from(words, 'utf16le'))
}

async function opened(store: TestTalkStore, identity: string, id: Id): Promise<SealedInterview> {
  const row = store.database.row('SELECT * FROM interview WHERE id = ?', idBytes(id))
  if (!row) throw new Error('no row')
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const plain = await decrypter.decrypt(bytes(row, 'sealed'), 'text')
  expect(new TextEncoder().encode(plain).length % 4096, 'its size tells little').toBe(0)
  return JSON.parse(plain) as SealedInterview
}

/** The store with its service, as a start of the app makes it. */
function started(store: TestTalkStore): TalkService {
  return talkService(store, {
    changed: () => undefined,
    save: async (work): Promise<SavedView> => {
      const { value, seq } = await work()
      return { id: value, changed: seq !== undefined }
    },
  })
}

test('an interview is sealed in one entry, and headquarters alone reads it', async () => {
  const { store, identity } = await sealingStore()
  const { database } = store
  const mark = seedQuestion(database, 1, { code: 'I01', kind: 'scale', readable: 1 })
  const known = seedQuestion(database, 2, { code: 'I02', kind: 'yesno' })
  const words = seedQuestion(database, 3, { code: 'I03', kind: 'text' })
  const shy = seedQuestion(database, 4, { code: 'I04', kind: 'scale', readable: 1 })
  const id = await begin(store)
  const answers = { [mark]: '4', [known]: 'no', [words]: secret, [shy]: null }
  const form = formWith({ answers, name: '張三', notes: '在家門口談的' })
  await keepTalk(store, id, form)
  const saved = await sealTalk(store, id, form)

  expect(saved.seq).toBe(1)
  expect(countEntries(database).waiting).toBe(1)
  expect(parseEntry(entryAt(database, 1)).changeset.length).toBeGreaterThan(4096)
  expect(await opened(store, identity, id)).toMatchObject({
    version: 1,
    interview: id,
    unit: { code: 'U1', name: '測試村' },
    roster_key: null,
    name: '張三',
    consent: 'given',
    interviewer: { name: '測試甲' },
    answers: { I01: 4, I02: 'no', I03: secret, I04: null },
    questions: { I01: '第1題' },
    notes: '在家門口談的',
    sound: [],
  })
  expect(database.rows('SELECT 1 FROM interview_score'), 'its mark waits').toEqual([])
  const view = await talks(store, visit)
  expect(view?.open).toEqual([])
  expect(view?.list).toMatchObject([{ drawn: false, consent: 'given', sealed: true, unsent: true }])
  expect(view?.list[0]?.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/)
})

test('no word of it is ever on the disk, and its key is not there any more', async () => {
  const { store } = await sealingStore()
  const words = seedQuestion(store.database, 1, { code: 'I01', kind: 'text' })
  const id = await begin(store)
  for (let length = 1; length <= secret.length; length++) {
    const answers = { [words]: secret.slice(0, length) }
    await keepTalk(store, id, formWith({ answers, name: '張三' }))
  }
  const key = Buffer.from(store.files.files.get(`${id}.key`) ?? [])
  expect(key).toHaveLength(32)
  expect(holds(store, secret)).toBe(false)
  expect(disk(store).includes(key)).toBe(true)

  await sealTalk(store, id, formWith({ answers: { [words]: secret }, name: '張三' }))
  expect(holds(store, secret)).toBe(false)
  expect(holds(store, '張三')).toBe(false)
  expect(disk(store).includes(key)).toBe(false)
  expect(store.files.steps.slice(-2)).toEqual([`zero ${id}.key`, `remove ${id}.key`])
  expect(await refusal(talk(store, id))).toMatchObject({ code: 'talk-over' })
  expect(await refusal(keepTalk(store, id, formWith()))).toMatchObject({ code: 'talk-over' })
  expect(await refusal(sealTalk(store, id, formWith()))).toMatchObject({ code: 'talk-over' })
})

test('a killed app goes on with what was kept, wherever it was killed', async () => {
  const { store } = await sealingStore()
  const words = seedQuestion(store.database, 1, { code: 'I01', kind: 'text' })
  const id = await begin(store)
  const form = formWith({ at: 0, answers: { [words]: '說到一半' } })
  await keepTalk(store, id, form)
  await sweepTalks(store)
  expect(await talk(store, id)).toMatchObject({ form, consent: 'given' })
  const view = await talks(store, visit)
  expect(view?.open).toMatchObject([{ id, draft: { answered: 1, key: null } }])

  for (const step of [`zero ${id}.key`, `remove ${id}.key`] as const) {
    const again = step.startsWith('zero') ? id : await begin(store)
    store.files.killAt = step.replace(id, again) as typeof step
    await sealTalk(store, again, form)
    expect(store.files.files.has(`${again}.key`), 'the kill came before').toBe(true)
    store.files.revive()
    await sweepTalks(store)
    expect([...store.files.files.keys()]).toEqual([])
    expect((await talks(store, visit))?.open).toEqual([])
  }
  expect((await talks(store, visit))?.list).toHaveLength(2)
})

test('a kill before the transaction leaves the interview as it was kept', async () => {
  const { store } = await sealingStore()
  const id = await begin(store)
  const form = formWith({ notes: '記到這裡' })
  await keepTalk(store, id, form)
  seedCampaign(store.database, null)
  expect(await refusal(sealTalk(store, id, form))).toMatchObject({ code: 'seal-missing' })
  await sweepTalks(store)
  expect(await talk(store, id)).toMatchObject({ form })
})

test('a key without a draft is shredded at a start: nothing was acknowledged of it', async () => {
  const { store } = await sealingStore()
  await store.files.write(`${visit}.key`, new Uint8Array(32).fill(7), 0)
  await store.files.write(`${visit}.sound`, new Uint8Array(9), 0)
  started(store)
  await expect.poll(() => [...store.files.files.keys()]).toEqual([])
  expect(store.files.steps).toContain(`zero ${visit}.key`)
})

test('an interview thrown away can never be read again; a damaged one can be thrown away', async () => {
  const { store } = await sealingStore()
  const id = await begin(store)
  await dropTalk(store, id)
  expect([...store.files.files.keys()]).toEqual([])
  expect(await refusal(talk(store, id))).toMatchObject({ code: 'talk-over' })

  const damaged = await begin(store)
  await store.files.write(`${damaged}.key`, new Uint8Array(32).fill(9), 0)
  expect((await talks(store, visit))?.open).toEqual([{ id: damaged, draft: null }])
  await dropTalk(store, damaged)
  expect((await talks(store, visit))?.open).toEqual([])
})

test('sound is encrypted chunk by chunk, survives a torn one, and is sealed with the rest', async () => {
  const { store, identity } = await sealingStore()
  const id = await begin(store)
  const spoken = new TextEncoder().encode('OpusHead spoken words')
  const type = 'audio/webm;codecs=opus'
  await keepTalkSound(store, id, { type, data: spoken })
  const whole = store.files.files.get(`${id}.sound`)?.length ?? 0
  await store.files.write(`${id}.sound`, Uint8Array.of(0, 0, 1, 0, 5, 5), whole)
  await sweepTalks(store)
  await keepTalkSound(store, id, { type: null, data: spoken })
  await keepTalkSound(store, id, { type, data: spoken })
  expect(holds(store, 'OpusHead')).toBe(false)
  await sealTalk(store, id, formWith())
  const { sound } = await opened(store, identity, id)
  expect(sound.map(({ size }) => size)).toEqual([2 * spoken.length, spoken.length])
  expect(Buffer.from(sound[1]?.base64 ?? '', 'base64').toString()).toBe('OpusHead spoken words')
  expect([...store.files.files.keys()], 'its ciphertext is gone as well').toEqual([])
})

test('long sound is sealed in a file of its own, an attachment of the interview', async () => {
  const { store, identity } = await sealingStore()
  const { database, files, attachments } = store
  const id = await begin(store)
  const spoken = new TextEncoder().encode('OpusHead spoken words ')
  const chunk = new Uint8Array(256 << 10)
  const [first, second] = [80, 4]
  for (let n = 0; n < first + second; n++) {
    chunk.fill(n).set(spoken)
    const type = n === 0 || n === first ? 'audio/webm' : null
    expect(await keepTalkSound(store, id, { type, data: chunk })).toBe(true)
  }
  await sealTalk(store, id, formWith())

  const { sound } = await opened(store, identity, id)
  expect(sound.map(({ size }) => size)).toEqual([20 << 20, 1 << 20])
  expect(sound.map(({ base64 }) => base64)).toEqual([undefined, undefined])
  const rows = database.rows(`SELECT * FROM attachment WHERE kind = 'sound' ORDER BY size DESC`)
  expect(rows.map((row) => Buffer.from(bytes(row, 'hash')).toString('hex'))).toEqual(
    sound.map(({ file }) => file),
  )
  const [row] = rows
  expect(row).toMatchObject({ subject_table: 'interview', media_type: 'application/age' })
  expect(row && bytes(row, 'subject_id')).toEqual(idBytes(id))
  expect([...files.files.keys()], 'what was encrypted is gone').toEqual([])
  expect(holds(store, 'OpusHead spoken')).toBe(false)

  const file = await (await attachments.read(sound[0]?.file ?? ''))?.arrayBuffer()
  const sealed = new Uint8Array(file ?? new ArrayBuffer())
  expect(sealed).toHaveLength(Number(row?.['size']))
  expect(Buffer.from(sealed).includes('OpusHead')).toBe(false)
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const plain = Buffer.from(await decrypter.decrypt(sealed))
  expect(createHash('sha256').update(plain).digest('hex')).toBe(sound[0]?.sha256)
  expect(plain.includes('OpusHead spoken')).toBe(true)
})

test('a kill while long sound is sealed loses nothing, and leaves nothing behind', async () => {
  const { store, identity } = await sealingStore()
  const id = await begin(store)
  for (let n = 0; n < 3; n++) {
    const data = new Uint8Array(1 << 20).fill(n)
    await keepTalkSound(store, id, { type: n === 0 ? 'audio/webm' : null, data })
  }
  store.files.killAt = `write ${id}.sealing`
  await expect(sealTalk(store, id, formWith())).rejects.toThrow('killed')
  store.files.revive()
  await sweepTalks(store)
  expect([...store.files.files.keys()].sort()).toEqual([`${id}.key`, `${id}.sound`])
  await sealTalk(store, id, formWith())
  expect((await opened(store, identity, id)).sound).toMatchObject([{ size: 3 << 20 }])
})

test('nothing begins that could not be sealed, and no sound is kept without consent', async () => {
  const { store } = await sealingStore()
  seedCampaign(store.database, null)
  expect(await refusal(begin(store))).toMatchObject({ kind: 'refused', code: 'seal-missing' })
  seedCampaign(store.database, 'age1nonsense')
  expect(await refusal(begin(store))).toMatchObject({ code: 'seal-wrong' })
  expect((await talks(store, visit))?.sealing).toBe('wrong')
  expect(store.files.steps).toEqual([])

  const { store: other } = await sealingStore()
  const silent = { visit, key: null, consent: 'no-sound', language: 'zh' } as const
  const id = await beginTalk(other, silent)
  const chunk = { type: 'audio/webm', data: new Uint8Array(3) }
  expect(await refusal(keepTalkSound(other, id, chunk))).toMatchObject({ code: 'talk-silent' })
})

test('who refuses is counted without a name; a withdrawn interview stays, with the reason', async () => {
  const { store } = await sealingStore()
  const { value: id } = refuseTalk(store, { visit, key: null })
  withdrawTalk(store, id, ' 點錯了 ')
  withdrawTalk(store, id, '再撤一次')
  expect((await talks(store, visit))?.list).toMatchObject([
    { id, consent: 'refused', sealed: false, withdrawnReason: '點錯了' },
  ])
  expect(() => withdrawTalk(store, id, ' ')).toThrow('reason')
})

test('somebody drawn is interviewed in turn; the contact follows, even after a kill', async () => {
  const village = await makeVillage(2)
  const store: TestTalkStore = {
    ...(await phoneIn(village)),
    files: new MemoryTalkFiles(),
    attachments: memoryPhotoFiles(),
  }
  const { database } = store
  const { identity, store: other } = await sealingStore()
  const row = other.database.row('SELECT seal_to FROM campaign')
  database.run('UPDATE campaign SET seal_to = ?', row ? text(row, 'seal_to') : null)
  const register = Array.from({ length: 12 }, (_, n) => ({ key: `1-${n}`, name: '', note: '' }))
  savePeople(store, visit, register)
  tellCode(store, visit)
  await openByCode(store, { visit, mode: 'desk', unlock: village.unlock, toldTo: '' })
  const turns = () => people(database, visit)?.turns
  const [first, second] = turns()?.now.map(({ key }) => key) ?? []
  if (first === undefined || second === undefined) throw new Error('nobody')
  const last = register.find(({ key }) => key !== first && key !== second)?.key ?? ''
  expect(await refusal(begin(store, last))).toMatchObject({ code: 'talk-turn', args: [last] })

  const service = started(store)
  const { id } = await service.beginTalk({ visit, key: first, consent: 'given', language: 'zh' })
  expect((await service.talks(visit))?.open).toMatchObject([{ draft: { key: first } }])
  expect(await service.sealTalk(id, formWith())).toMatchObject({ contactFailure: null })
  expect(turns()?.done).toBe(1)
  expect(countEntries(database).waiting).toBe(5)
  expect(await opened(store, identity, id)).toMatchObject({ roster_key: first, site: 'V02' })
  expect((await service.talks(visit))?.list).toMatchObject([{ drawn: true }])

  // Sealed, and killed before the contact was recorded.
  const next = await begin(store, second)
  await sealTalk(store, next, formWith())
  expect(turns()?.done).toBe(1)
  await started(store).talks(visit)
  expect(turns()?.done).toBe(2)
  await started(store).talks(visit)
  expect(turns()?.done).toBe(2)
})
