import { idBytes, parseEntry, parseId, type Id } from '@sansuiji/protocol'
import { describe, expect, test } from 'vitest'

import { answerId, questions, saveAnswer } from './answer'
import { fitting } from './answerFit'
import { applyPatchset } from './changeset'
import type { Database } from './database'
import { formOf, keepForm, keptForm } from './form'
import { countEntries, entriesIn } from './outbox'
import { enrolledStore, ids, type TestStore } from './testing'

const asked = {
  open: parseId('0190a000-0000-7000-8000-000000000101'),
  shown: parseId('0190a000-0000-7000-8000-000000000102'),
  village: parseId('0190a000-0000-7000-8000-000000000103'),
  school: parseId('0190a000-0000-7000-8000-000000000104'),
  old: parseId('0190a000-0000-7000-8000-000000000105'),
  talk: parseId('0190a000-0000-7000-8000-000000000106'),
  count: parseId('0190a000-0000-7000-8000-000000000107'),
}

/** The questions headquarters would have sent. */
function seedQuestions(database: Database): void {
  const insert = `INSERT INTO question
    (id, code, usage, category, position, text, kind, options, scale_max, required, withdrawn_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  const add = (id: Id, ...cells: readonly (string | number | null)[]) => {
    database.run(insert, idBytes(id), ...cells)
  }
  add(asked.village, 'C03', 'check', 'village', 1, '場所是否開放', 'yesno', null, null, 1, null)
  add(asked.shown, 'C02', 'check', null, 2, '公示情況', 'choice', '已公示\n未公示', null, 1, null)
  add(asked.open, 'C01', 'check', null, 1, '記錄是否一致', 'yesno', null, null, 1, null)
  add(asked.count, 'C07', 'check', null, 3, '在崗人數', 'number', null, null, 0, null)
  add(asked.school, 'C04', 'check', 'school', 1, '陪餐記錄', 'yesno', null, null, 1, null)
  add(asked.old, 'C05', 'check', null, 9, '停用的題', 'yesno', null, null, 1, 1)
  add(asked.talk, 'I01', 'interview', null, 1, '您滿意嗎', 'scale', null, 5, 1, null)
}

async function store(): Promise<TestStore> {
  const made = await enrolledStore()
  seedQuestions(made.database)
  return made
}

function say(on: TestStore, question: Id, value: string) {
  return saveAnswer(on, { visit: ids.visit, question, value })
}

describe('what is asked at a unit', () => {
  test('is what is asked everywhere, then what its category adds, in order', async () => {
    const { database } = await store()
    const list = questions(database, ids.visit)
    expect(list.map(({ code }) => code)).toEqual(['C01', 'C02', 'C07', 'C03'])
    expect(list[1]).toMatchObject({ options: ['已公示', '未公示'], required: true, answer: null })
  })
})

describe('an answer', () => {
  test('is one row and one entry, and the same again makes no entry', async () => {
    const made = await store()
    const first = say(made, asked.open, 'yes')
    expect(first).toEqual({ value: answerId(ids.visit, asked.open), seq: 1 })
    expect(say(made, asked.open, 'yes').seq).toBeUndefined()
    expect(questions(made.database, ids.visit)[0]?.answer).toMatchObject({
      value: 'yes',
      unsent: true,
    })
  })

  test('given again changes the same row', async () => {
    const made = await store()
    const first = say(made, asked.shown, '已公示')
    const second = say(made, asked.shown, '未公示')
    expect(second.value).toBe(first.value)
    expect(made.database.rows('SELECT value FROM answer')).toEqual([{ value: '未公示' }])
    expect(countEntries(made.database).waiting).toBe(2)
  })

  test('keeps its value when only its note is written, and the other way about', async () => {
    const made = await store()
    say(made, asked.open, 'no')
    saveAnswer(made, { visit: ids.visit, question: asked.open, note: ' 缺三月 ' })
    say(made, asked.open, 'yes')
    const [row] = made.database.rows('SELECT value, note FROM answer')
    expect(row).toEqual({ value: 'yes', note: '缺三月' })
  })

  test('can be taken back; where none was nothing is written', async () => {
    const made = await store()
    expect(say(made, asked.open, '').seq).toBeUndefined()
    say(made, asked.open, 'no')
    say(made, asked.open, '')
    expect(questions(made.database, ids.visit)[0]?.answer?.value).toBeNull()
  })

  test('that does not fit the question is refused', async () => {
    const made = await store()
    expect(() => say(made, asked.open, 'maybe')).toThrow('answer-unfit')
    expect(() => say(made, asked.shown, '不詳')).toThrow('answer-unfit')
    expect(() => say(made, asked.count, '三')).toThrow('answer-unfit')
    expect(countEntries(made.database).waiting).toBe(0)
  })

  test('of another phone meets this one in the same row', async () => {
    const [mine, theirs] = [await store(), await store()]
    theirs.setClock(Date.UTC(2026, 10, 24))
    say(mine, asked.open, 'yes')
    say(theirs, asked.open, 'no')
    for (const { entry } of entriesIn(theirs.database, ['waiting'], 10)) {
      applyPatchset(mine.database, parseEntry(entry).changeset)
    }
    expect(mine.database.rows('SELECT COUNT(*) AS n FROM answer')).toEqual([{ n: 1 }])
  })

  test('forgets the words that were being typed', async () => {
    const made = await store()
    const key = formOf.answer(ids.visit, asked.count)
    keepForm(made.database, key, '12')
    say(made, asked.count, '12')
    expect(keptForm(made.database, key)).toBeNull()
  })
})

test('numbers are taken from any keyboard, and nothing else is a number', () => {
  const number = { kind: 'number', options: [], scaleMax: 5 } as const
  for (const [typed, kept] of [
    ['３．５', '3.5'],
    [' 1,200 ', '1200'],
    ['007', '7'],
    ['-2.50', '-2.5'],
  ] as const) {
    expect(fitting(number, typed)).toBe(kept)
  }
  for (const typed of ['1e9', '0x10', '三', '1 2', '.', '9'.repeat(16)]) {
    expect(fitting(number, typed)).toBeUndefined()
  }
  const scale = { kind: 'scale', options: [], scaleMax: 5 } as const
  expect(fitting(scale, '5')).toBe('5')
  for (const typed of ['0', '6', '2.5', 'x']) expect(fitting(scale, typed)).toBeUndefined()
})
