import { idBytes, parseEntry } from '@sansuiji/protocol'
import { describe, expect, test } from 'vitest'

import { countEntries, entriesIn } from './outbox'
import { saveFinding, saveVerification, type FindingInput } from './record'
import { getNumber } from './state'
import { status } from './status'
import { sync } from './sync'
import { contactOf, contents, enrolledStore, FakeHeadquarters, ids } from './testing'

const finding: FindingInput = {
  id: null,
  visit: ids.visit,
  problem: null,
  kind: 'problem',
  title: '帳目未公開',
  detail: '',
  severity: null,
  place: null,
  submit: true,
}

async function deviceAndHeadquarters() {
  const store = await enrolledStore()
  const headquarters = new FakeHeadquarters()
  return { store, headquarters, contact: contactOf(store, headquarters) }
}

describe('pushing', () => {
  test('sends all that waits in runs that headquarters takes', async () => {
    const { store, headquarters, contact } = await deviceAndHeadquarters()
    for (let i = 0; i < 600; i++) saveFinding(store, { ...finding, title: `第${i}條` })
    const result = await sync(contact)
    expect(result).toMatchObject({ failure: null, pushed: 600 })
    expect(headquarters.pushes).toEqual([500, 100])
    expect(headquarters.held.length).toBe(600)
    expect(countEntries(store.database)).toMatchObject({ waiting: 0, merged: 600 })
  })

  test('keeps what headquarters said of each entry, and asks again after held ones', async () => {
    const { store, headquarters, contact } = await deviceAndHeadquarters()
    for (let i = 0; i < 3; i++) saveFinding(store, finding)
    headquarters.verdicts.set(2, { outcome: 'held' })
    headquarters.verdicts.set(3, { outcome: 'quarantined', reason: 'row-out-of-scope' })
    await sync(contact)
    expect(entriesIn(store.database, ['quarantined'], 9)).toMatchObject([
      { seq: 3, reason: 'row-out-of-scope' },
    ])
    headquarters.verdicts.delete(2)
    await sync(contact)
    expect(countEntries(store.database)).toEqual({ waiting: 0, merged: 2, held: 0, quarantined: 1 })
  })

  test('shows an own entry that somebody contradicted later, until the conflict is over', async () => {
    const { store, headquarters, contact } = await deviceAndHeadquarters()
    saveFinding(store, finding)
    saveFinding(store, finding)
    headquarters.pages.push({ next: 40 }, { next: 41, witness: { disputed: [2, 'x'] } })
    await sync(contact)
    const disputed = () => status(store.database).disputed.map(({ seq }) => seq)
    expect(disputed()).toEqual([])
    await sync(contact)
    expect(disputed()).toEqual([2])
    await sync(contact) // headquarters is asked after it and says that none is open
    expect(headquarters.pushes.at(-1)).toBe(1)
    expect(disputed()).toEqual([])
  })

  test('goes packed where headquarters takes that, and plain where it does not', async () => {
    const { store, headquarters, contact } = await deviceAndHeadquarters()
    headquarters.takesPacked = true
    saveFinding(store, finding)
    await sync(contact) // it has nothing before to hold this one against, and asks for the plain form
    expect(headquarters.packed).toEqual([])
    saveFinding(store, { ...finding, title: '公示欄空白' })
    saveFinding(store, { ...finding, title: '臺賬缺頁' })
    const result = await sync(contact)
    expect(result).toMatchObject({ failure: null, pushed: 2 })
    expect(headquarters.packed.length).toBe(1)
    expect(headquarters.packed[0]).toBeLessThan(64 + 2 * 120)
    expect(headquarters.held.length).toBe(3)
    expect(countEntries(store.database)).toMatchObject({ waiting: 0, merged: 3 })
  })

  test('sends again what a restored headquarters has lost', async () => {
    const { store, headquarters, contact } = await deviceAndHeadquarters()
    for (let i = 0; i < 5; i++) saveFinding(store, finding)
    await sync(contact)
    headquarters.forgetFrom(3)
    saveFinding(store, finding)
    const result = await sync(contact)
    expect(result.failure).toBeNull()
    expect(headquarters.held.map((e) => e && parseEntry(e).seq)).toEqual([1, 2, 3, 4, 5, 6])
    expect(countEntries(store.database)).toMatchObject({ waiting: 0, merged: 6 })
  })

  test('of an answer that got lost is a duplicate that stands', async () => {
    const { store, headquarters, contact } = await deviceAndHeadquarters()
    saveFinding(store, finding)
    await sync(contact)
    store.database.run(`UPDATE outbox SET state = 'waiting'`)
    await sync(contact)
    expect(headquarters.held.length).toBe(1)
    expect(countEntries(store.database)).toMatchObject({ waiting: 0, merged: 1 })
  })

  test('without a network changes nothing and says so', async () => {
    const { store, headquarters, contact } = await deviceAndHeadquarters()
    headquarters.online = false
    saveFinding(store, finding)
    const before = contents(store.database)
    expect((await sync(contact)).failure).toEqual({ kind: 'offline' })
    expect(contents(store.database)).toEqual(before)
    expect(countEntries(store.database).waiting).toBe(1)
  })
})

describe('a restored headquarters', () => {
  test('found out by its new epoch gets its entries back before all is pulled anew', async () => {
    const { store, headquarters, contact } = await deviceAndHeadquarters()
    saveFinding(store, finding)
    headquarters.pages.push({ next: 40 })
    await sync(contact)
    expect(getNumber(store.database, 'seen_revision')).toBe(40)

    headquarters.forgetFrom(1)
    headquarters.pages.push({ next: 12 }, { next: 15 })
    const result = await sync(contact)
    expect(result).toMatchObject({ failure: null, pushed: 1 })
    expect(headquarters.held.length).toBe(1)
    expect(headquarters.pulls.map((q) => q.get('after'))).toEqual(['0', '40', '0'])
    expect(getNumber(store.database, 'seen_revision')).toBe(15)
  })

  test('found out by a cursor it never gave is treated the same', async () => {
    const { headquarters, contact } = await deviceAndHeadquarters()
    headquarters.pages.push({ next: 40 })
    await sync(contact)
    headquarters.pages.push({ problem: 'cursor-ahead' }, { next: 3 })
    expect((await sync(contact)).failure).toBeNull()
    expect(headquarters.pulls.map((q) => q.get('after'))).toEqual(['0', '40', '0'])
  })
})

test('an entry says how much of headquarters its author had seen: complete pulls only', async () => {
  const { store, headquarters, contact } = await deviceAndHeadquarters()
  headquarters.pages.push({ next: 7, more: true }, { problem: 'busy' })
  expect((await sync(contact)).failure).toMatchObject({ kind: 'problem' })
  saveFinding(store, finding)
  headquarters.pages.push({ next: 9 })
  await sync(contact)
  saveFinding(store, finding)
  const seen = entriesIn(store.database, ['waiting', 'merged'], 9).map(
    ({ entry }) => parseEntry(entry).seen.revision,
  )
  expect(seen).toEqual([0, 9])
  expect(headquarters.pulls.map((q) => q.get('after'))).toEqual(['0', '7', '7'])
})

test('what is saved while a pull is under way is on top of it and sent in the same sync', async () => {
  const { store, headquarters, contact } = await deviceAndHeadquarters()
  let saved = false
  headquarters.onRequest = (path) => {
    if (path !== '/api/v1/pull' || saved) return
    saved = true
    const subject = { kind: 'problem', id: ids.problem } as const
    const input = { visit: ids.visit, subject, outcome: 'not', note: '', place: null } as const
    saveVerification(store, input)
  }
  await sync(contact)
  expect(headquarters.held.length).toBe(1)
  const row = store.database.row(
    'SELECT outcome FROM verification WHERE problem_id = ?',
    idBytes(ids.problem),
  )
  expect(row?.['outcome']).toBe('not')
})

test('what a quarantined entry wrote leaves the rows: headquarters has nothing of it to send', async () => {
  const { store, headquarters, contact } = await deviceAndHeadquarters()
  headquarters.pages.push({ next: 4 })
  await sync(contact)
  saveFinding(store, finding)
  headquarters.verdicts.set(1, { outcome: 'quarantined', reason: 'row-out-of-scope' })
  for (let n = 0; n < 2; n++) await sync(contact)
  expect(contents(store.database)['finding']).toEqual([])
  expect(entriesIn(store.database, ['quarantined'], 9)).toHaveLength(1)
  const [held] = status(store.database).pending
  expect(held?.changes, 'and can still be told').toMatchObject([{ title: finding.title }])
  expect(held?.changes[0]?.written, 'to the last word').toContainEqual({
    column: 'title',
    value: finding.title,
  })
  expect(headquarters.pulls.map((q) => q.get('after'))).toEqual(['0', '0', '0'])
})
