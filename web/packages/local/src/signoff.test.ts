import { idBytes, naturalId } from '@sansuiji/protocol'
import { describe, expect, test } from 'vitest'

import { saveAnswer } from './answer'
import { appendVisitNote } from './distanceNote'
import { countEntries } from './outbox'
import { saveFinding, saveVerification, withdrawFinding } from './record'
import { closeVisit, saveSignoff, signoffs, type SignoffInput } from './signoff'
import { amendments, signoffFacts } from './signoffFacts'
import { signatureBytes } from './signoffImage'
import { enrolledStore, ids, someId, type TestStore } from './testing'

const png = Uint8Array.of(137, 80, 78, 71, 1, 2, 3)

const signed: SignoffInput = {
  visit: ids.visit,
  result: 'signed',
  summary: '現場核查情況\n單位：測試村',
  name: ' 王書記 ',
  duty: '書記',
  reason: '不該留下',
  signature: { png, width: 700, height: 400 },
}

function find(store: TestStore, title: string) {
  return saveFinding(store, {
    id: null,
    visit: ids.visit,
    problem: null,
    kind: 'problem',
    title,
    detail: '',
    severity: 'minor',
    place: null,
    submit: true,
  }).value
}

describe('a sign-off', () => {
  test('is written with the signature in one entry', async () => {
    const store = await enrolledStore()
    expect(saveSignoff(store, signed).seq).toBe(1)
    const [one] = signoffs(store.database, ids.visit)
    expect(one).toMatchObject({
      result: 'signed',
      name: '王書記',
      duty: '書記',
      reason: null,
      unsent: true,
      summary: signed.summary,
    })
    const attachment = store.database.row('SELECT * FROM attachment')
    expect(attachment).toMatchObject({
      kind: 'signature',
      subject_table: 'signoff',
      subject_id: one && idBytes(one.id),
      size: png.length,
      media_type: 'image/png',
      source: 'screen',
    })
    expect(one?.attachment && signatureBytes(store.database, one.attachment)).toEqual(png)
  })

  test('wants a name and a signature, or a reason, or nothing of who was not there', async () => {
    const store = await enrolledStore()
    const save = (change: Partial<SignoffInput>) => () =>
      saveSignoff(store, { ...signed, ...change })
    expect(save({ name: ' ' })).toThrow('name')
    expect(save({ signature: null })).toThrow('signature')
    expect(save({ result: 'refused', reason: '' })).toThrow('reason')
    expect(save({ summary: '' })).toThrow('summary')
    expect(countEntries(store.database).waiting).toBe(0)
    save({ result: 'refused', reason: '不認可' })()
    save({ result: 'absent', reason: '' })()
    expect(signoffs(store.database, ids.visit)).toMatchObject([
      { result: 'absent', name: null, reason: null, attachment: null },
      { result: 'refused', name: '王書記', reason: '不認可', attachment: null },
    ])
  })

  test('closes the visit, which keeps the time when the team left', async () => {
    const store = await enrolledStore()
    closeVisit(store, ids.visit)
    const row = store.database.row('SELECT status, left_at FROM visit')
    expect(row?.['status']).toBe('closed')
    expect(row?.['left_at']).not.toBeNull()
    expect(closeVisit(store, ids.visit).seq).toBeUndefined()
  })
})

test('what was recorded after the signature is an amendment, what was before is none', async () => {
  const store = await enrolledStore()
  const { database } = store
  const before = find(store, '簽前的發現')
  saveSignoff(store, signed)
  const signedAt = signoffs(database, ids.visit)[0]?.signedAt ?? 0
  expect(amendments(database, ids.visit, signedAt)).toEqual([])
  find(store, '簽後的發現')
  withdrawFinding(store, before, '記錯')
  saveVerification(store, {
    visit: ids.visit,
    subject: { kind: 'problem', id: ids.problem },
    outcome: 'sham',
    note: '',
    place: null,
  })
  expect(amendments(database, ids.visit, signedAt)).toMatchObject([
    { table: 'finding', kind: 'recorded', title: '簽後的發現' },
    { table: 'finding', kind: 'withdrawn', title: '簽前的發現' },
    { table: 'verification', kind: 'recorded', title: '臺賬不全' },
  ])
})

test('the facts count who was interviewed, and who refused or withdrew is not', async () => {
  const store = await enrolledStore()
  const insert = `INSERT INTO interview (id, visit_id, code, drawn, consent, consent_at, withdrawn_at)
    VALUES (?, ?, ?, ?, ?, 1, ?)`
  const rows = [
    [1, 1, 'given', null],
    [2, 0, 'no-sound', null],
    [3, 0, 'refused', null],
    [4, 1, 'given', 5],
  ] as const
  for (const [n, drawn, consent, withdrawn] of rows) {
    const id = idBytes(someId(n))
    store.database.run(insert, id, idBytes(ids.visit), `P${n}`, drawn, consent, withdrawn)
  }
  expect(signoffFacts(store.database, ids.visit)).toMatchObject({ interviewed: 2, questions: [] })
  expect(signoffFacts(store.database, naturalId('x', ids.visit))).toBeNull()
})

test('answers after the signature are amendments too', async () => {
  const store = await enrolledStore()
  const question = someId(9)
  const insert = `INSERT INTO question (id, code, usage, text) VALUES (?, 'C01', 'check', '一致嗎')`
  store.database.run(insert, idBytes(question))
  saveAnswer(store, { visit: ids.visit, question, value: 'yes' })
  saveSignoff(store, signed)
  const signedAt = signoffs(store.database, ids.visit)[0]?.signedAt ?? 0
  saveAnswer(store, { visit: ids.visit, question, value: 'no' })
  expect(amendments(store.database, ids.visit, signedAt)).toMatchObject([
    { table: 'answer', title: '一致嗎' },
  ])
})

test('a line is added below what the note of a visit says', async () => {
  const store = await enrolledStore()
  appendVisitNote(store, ids.visit, '第一行')
  appendVisitNote(store, ids.visit, ' 第二行 ')
  expect(store.database.row('SELECT note FROM visit')).toEqual({ note: '第一行\n第二行' })
  expect(() => appendVisitNote(store, ids.visit, ' ')).toThrow('body')
})
