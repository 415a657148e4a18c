import { idBytes, type Id } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { capture } from './capture'
import { countEntries } from './outbox'
import { beginTalk, dropTalk, sealTalk, sweepTalks } from './talk'
import { sealingStore, seedQuestion, type TestTalkStore } from './talk.testing'
import { marksHeld, releaseMarks } from './talkMarks'
import { ids } from './testing'

const { visit } = ids

async function world(): Promise<{
  readonly store: TestTalkStore
  readonly questions: readonly Id[]
}> {
  const { store } = await sealingStore()
  const questions = [1, 2].map((n) =>
    seedQuestion(store.database, n, { code: `I0${n}`, kind: 'scale', readable: 1 }),
  )
  // The counting chance of other tests would not shuffle.
  const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
  return { store: { ...store, random }, questions }
}

function formOf(questions: readonly Id[], mark: number) {
  const answers = Object.fromEntries(questions.map((id) => [id, String(mark)]))
  return { at: 0, answers, name: '', notes: '' }
}

async function seal(store: TestTalkStore, questions: readonly Id[], mark: number): Promise<Id> {
  const id = await beginTalk(store, { visit, key: null, consent: 'no-sound', language: 'zh' })
  await sealTalk(store, id, formOf(questions, mark))
  await release(store)
  return id
}

const release = (store: TestTalkStore) => releaseMarks(store, (work) => Promise.resolve(work()))

function scores({ database }: TestTalkStore) {
  return database
    .rows('SELECT interview_id, value FROM interview_score ORDER BY interview_id, question_id')
    .map((row) => ({ of: Buffer.from(row['interview_id'] as Uint8Array), value: row['value'] }))
}

function leave(store: TestTalkStore): void {
  const sql = `UPDATE visit SET status = 'left' WHERE id = ?`
  capture(store, ({ database }) => {
    database.run(sql, idBytes(visit))
  })
}

test('marks wait for enough interviews, and are written in one entry under any of them', async () => {
  const orders = new Set<string>()
  for (let round = 0; round < 12; round++) {
    const { store, questions } = await world()
    const sealed: Id[] = []
    for (const mark of [1, 2, 3, 4]) sealed.push(await seal(store, questions, mark))
    expect(scores(store)).toEqual([])
    expect(await marksHeld(store.files, visit)).toBe(4)
    const before = countEntries(store.database).waiting
    sealed.push(await seal(store, questions, 5))
    expect(countEntries(store.database).waiting, 'the interview, and all marks').toBe(before + 2)
    expect(await marksHeld(store.files, visit)).toBe(0)
    expect([...store.files.files.keys()]).toEqual([])

    const rows = scores(store)
    const sets = sealed.map((id) => rows.filter(({ of }) => of.equals(idBytes(id))))
    const marks = sets.map((set) => set.map(({ value }) => value))
    expect(marks.every(([a, b, ...more]) => a === b && more.length === 0)).toBe(true)
    expect(marks.map(([mark]) => mark).toSorted()).toEqual([1, 2, 3, 4, 5])
    orders.add(JSON.stringify(marks))
  }
  expect(orders.size, 'by chance').toBeGreaterThan(6)
})

test('what is held says nothing of whose marks they are', async () => {
  const orders = new Set<string>()
  for (let round = 0; round < 20; round++) {
    const { store, questions } = await world()
    for (const mark of [1, 2, 3]) await seal(store, questions, mark)
    const [file] = store.files.files.values()
    const pages = store.database.sqlite3.capi.sqlite3_js_db_export(store.database.connection)
    expect(Buffer.from(pages).includes('"marks"'), 'none of it is in the database').toBe(false)
    const pool = JSON.parse(Buffer.from(file ?? []).toString()) as {
      readonly interviews: readonly Id[]
      readonly sets: readonly { readonly marks: Record<string, number> }[]
    }
    expect(pool.interviews).toHaveLength(3)
    expect(file?.length).toBe(4096)
    orders.add(pool.sets.map(({ marks }) => Object.values(marks)[0]).join())
  }
  expect(orders.size).toBeGreaterThan(3)
})

test('a visit that is over lets three go, and never fewer', async () => {
  const { store, questions } = await world()
  await seal(store, questions, 1)
  await seal(store, questions, 2)
  leave(store)
  await release(store)
  expect(scores(store)).toEqual([])
  await seal(store, questions, 4)
  expect(scores(store)).toHaveLength(6)
})

test('a kill at any step neither loses marks nor writes them twice', async () => {
  const { store, questions } = await world()
  for (const mark of [1, 2]) await seal(store, questions, mark)
  const begun = await beginTalk(store, { visit, key: null, consent: 'no-sound', language: 'zh' })
  // Killed after its marks were held, before its row: sealed again, with another mark.
  const [held] = [...store.files.files.keys()].filter((name) => name.endsWith('.marks'))
  store.files.killAt = `zero ${held ?? ''}`
  await expect(sealTalk(store, begun, formOf(questions, 5))).rejects.toThrow('killed')
  store.files.revive()
  await sweepTalks(store)
  await sealTalk(store, begun, formOf(questions, 3))
  expect(await marksHeld(store.files, visit)).toBe(3)
  leave(store)
  // Killed after the rows, before the file was gone.
  const file = [...store.files.files.keys()].find((name) => name.endsWith('.marks'))
  store.files.killAt = `zero ${file ?? ''}`
  await expect(release(store)).rejects.toThrow('killed')
  store.files.revive()
  const before = countEntries(store.database).waiting
  await release(store)
  expect(countEntries(store.database).waiting).toBe(before)
  expect(
    scores(store)
      .map(({ value }) => value)
      .toSorted(),
  ).toEqual([1, 1, 2, 2, 3, 3])
  expect([...store.files.files.keys()]).toEqual([])
})

test('marks of an interview that is thrown away after a kill go with it', async () => {
  const { store, questions } = await world()
  await seal(store, questions, 1)
  const begun = await beginTalk(store, { visit, key: null, consent: 'no-sound', language: 'zh' })
  const [held] = [...store.files.files.keys()].filter((name) => name.endsWith('.marks'))
  store.files.killAt = `zero ${held ?? ''}`
  await expect(sealTalk(store, begun, formOf(questions, 5))).rejects.toThrow('killed')
  store.files.revive()
  expect(await marksHeld(store.files, visit)).toBe(2)
  await dropTalk(store, begun)
  expect(await marksHeld(store.files, visit)).toBe(1)
})
