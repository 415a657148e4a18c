import { idBytes } from '@sansuiji/protocol'
import { describe, expect, test } from 'vitest'

import { readyFacts, type ReadyFacts } from './ready'
import { judgeReady, spaceWanted, type BrowserFacts, type ReadyName } from './readyJudge'
import { arriveAtVisit } from './record'
import { set, setId } from './state'
import { sync } from './sync'
import { contactOf, enrolledStore, FakeHeadquarters, ids, someId } from './testing'

const now = Date.UTC(2026, 10, 23, 8)
const minute = 60_000

const whole: ReadyFacts = {
  complete: true,
  visits: 4,
  unitsMissing: 0,
  unitsUnlisted: 0,
  problems: 6,
  ledgerEntries: 9,
  commitments: 5,
  questionsCommon: 5,
  categories: [
    { category: 'village', units: 3, questions: 3 },
    { category: 'soe', units: 1, questions: 0 },
  ],
  sites: 0,
  sitesUsable: 0,
  waiting: 0,
  pending: 0,
  syncedAt: now - minute,
  syncFailed: false,
  contactAt: now - minute,
  checkpointAt: now - 60 * minute,
  serverAheadMs: 1200,
}

const browser: BrowserFacts = { online: true, cached: true, persisted: true, freeBytes: 2e9 }

function judge(change: Partial<ReadyFacts> = {}, of: Partial<BrowserFacts> = {}) {
  return judgeReady({ ...whole, ...change }, { ...browser, ...of }, now)
}

function notGood(change: Partial<ReadyFacts>, of: Partial<BrowserFacts> = {}) {
  const open = judge(change, of).items.filter(({ state }) => state !== 'good')
  return open.map(({ name, state }) => `${name} ${state}`)
}

describe('a phone', () => {
  test('that has everything is ready, and one where nobody is drawn needs no people', () => {
    expect(judge()).toMatchObject({ verdict: 'ready', open: 0 })
    expect(judge().items.map(({ name }) => name)).not.toContain('people' satisfies ReadyName)
  })

  test('is not ready when anything is missing, and each thing says so for itself', () => {
    const cases: readonly (readonly [Partial<ReadyFacts>, string])[] = [
      [{ visits: 0 }, 'visits bad'],
      [{ unitsMissing: 1 }, 'visits bad'],
      [{ problems: 0 }, 'lists bad'],
      [{ questionsCommon: 0 }, 'questions bad'],
      [{ sites: 2, sitesUsable: 1 }, 'people bad'],
      [{ syncedAt: null }, 'sync bad'],
      [{ syncFailed: true }, 'sync bad'],
      [{ syncedAt: now - 13 * 60 * minute }, 'sync bad'],
      [{ checkpointAt: null }, 'sync bad'],
      [{ serverAheadMs: -6 * minute }, 'clock bad'],
      [{ waiting: 1 }, 'unsent bad'],
    ]
    for (const [change, item] of cases) {
      expect(notGood(change)).toEqual([item])
      expect(judge(change).verdict).toBe('unready')
    }
    expect(notGood({ complete: false })).toEqual(['visits bad', 'lists bad', 'questions bad'])
  })

  test('is not ready when the browser would not keep or start it', () => {
    expect(notGood({}, { cached: false })).toEqual(['app bad'])
    expect(notGood({}, { persisted: false })).toEqual(['storage bad'])
    expect(notGood({}, { freeBytes: spaceWanted - 1 })).toEqual(['space bad'])
    expect(notGood({}, { freeBytes: undefined })).toEqual(['space unknown'])
    expect(judge({}, { freeBytes: undefined }).verdict).toBe('unchecked')
  })

  test('without a network says what it cannot check', () => {
    const stale = { contactAt: now - 120 * minute, syncedAt: now - 120 * minute }
    expect(notGood(stale, { online: false })).toEqual(['clock unknown'])
    expect(judge(stale, { online: false }).verdict).toBe('unchecked')
    expect(notGood(stale)).toEqual(['clock bad'])
  })
})

test('the store says what is there, and that a download that was cut off is not whole', async () => {
  const { database } = await enrolledStore()
  expect(readyFacts(database)).toMatchObject({ complete: false, visits: 1, unitsMissing: 0 })
  setId(database, 'seen_epoch', ids.epoch)
  setId(database, 'cursor_epoch', ids.epoch)
  set(database, 'seen_revision', 7)
  set(database, 'cursor', 7)
  const question = `INSERT INTO question (id, code, usage, category, text) VALUES (?, ?, 'check', ?, 'q')`
  database.run(question, idBytes(someId(1)), 'C01', null)
  database.run(question, idBytes(someId(2)), 'C02', 'village')
  database.run(question, idBytes(someId(3)), 'C03', 'school')
  expect(readyFacts(database)).toMatchObject({
    complete: true,
    visits: 1,
    problems: 1,
    commitments: 1,
    unitsUnlisted: 0,
    questionsCommon: 1,
    categories: [{ category: 'village', units: 1, questions: 1 }],
    sites: 0,
    waiting: 0,
    syncedAt: null,
  })
  set(database, 'cursor', 9)
  expect(readyFacts(database).complete).toBe(false)
})

test('a sync leaves nothing unsent and says when headquarters was reached', async () => {
  const store = await enrolledStore()
  arriveAtVisit(store, ids.visit)
  expect(readyFacts(store.database).waiting).toBe(1)
  await sync(contactOf(store, new FakeHeadquarters()))
  const facts = readyFacts(store.database)
  expect(facts).toMatchObject({ waiting: 0, syncFailed: false, complete: true })
  expect(facts.contactAt).not.toBeNull()
  const unreached = new FakeHeadquarters()
  unreached.online = false
  await sync(contactOf(store, unreached))
  const later = readyFacts(store.database)
  expect(later).toMatchObject({ syncFailed: false, syncedAt: facts.contactAt })
})
