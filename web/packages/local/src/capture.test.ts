import { entryHash, genesisHash, idBytes, parseEntry, type Id } from '@sansuiji/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { capture } from './capture'
import { applyPatchset, readChanges } from './changeset'
import { openMemory } from './database'
import { countEntries, entriesIn } from './outbox'
import { addComment, arriveAtVisit, leaveVisit, saveFinding, saveVerification } from './record'
import type { FindingInput, Outcome } from './record'
import { contents, enrolledStore, ids, seedRows, type TestStore } from './testing'

const newFinding: FindingInput = {
  id: null,
  visit: ids.visit,
  problem: null,
  kind: 'problem',
  title: '庫存臺賬缺頁',
  detail: '',
  severity: 'serious',
  place: null,
  submit: false,
}

function allEntries(store: TestStore) {
  return entriesIn(store.database, ['waiting', 'merged', 'held', 'quarantined'], 10_000)
}

describe('what a person saves', () => {
  test('is in the rows and in one entry of the outbox', async () => {
    const store = await enrolledStore()
    const { value, seq } = saveFinding(store, newFinding)
    expect(seq).toBe(1)
    const row = store.database.row('SELECT * FROM finding WHERE id = ?', idBytes(value))
    expect(row).toMatchObject({ title: '庫存臺賬缺頁', status: 'draft', detail: null })
    const [entry] = allEntries(store)
    const changes = readChanges(
      store.database,
      parseEntry(entry?.entry ?? new Uint8Array()).changeset,
    )
    expect(changes.map((c) => [c.table, c.operation])).toEqual([['finding', 'insert']])
  })

  test('makes a chain from the genesis hash on, each entry at a later clock', async () => {
    const store = await enrolledStore()
    saveFinding(store, newFinding)
    store.setClock(0)
    saveFinding(store, newFinding)
    const [first, second] = allEntries(store).map(({ entry }) => ({
      hash: entryHash(entry),
      ...parseEntry(entry),
    }))
    expect(first?.previous).toEqual(genesisHash(ids.campaign, ids.device, store.key.publicKey))
    expect(second?.previous).toEqual(first?.hash)
    expect((second?.clock ?? 0n) > (first?.clock ?? 0n)).toBe(true)
    expect(second?.wallAt).toBe(1000)
  })

  test('makes no entry when nothing changed', async () => {
    const store = await enrolledStore()
    const input = {
      visit: ids.visit,
      subject: { kind: 'problem', id: ids.problem },
      outcome: 'rectified',
      note: '看過現場',
      place: null,
    } as const
    expect(saveVerification(store, input).seq).toBe(1)
    expect(saveVerification(store, input).seq).toBeUndefined()
    expect(countEntries(store.database).waiting).toBe(1)
  })

  test('leaves nothing behind when it fails half way', async () => {
    const store = await enrolledStore()
    const before = contents(store.database)
    const write = (end: () => void) => () =>
      capture(store, ({ database }) => {
        database.run('UPDATE visit SET note = ?', 'half')
        end()
      })
    expect(
      write(() => {
        throw new Error('thrown')
      }),
    ).toThrow('thrown')
    expect(
      write(() => {
        store.database.run(`INSERT INTO comment (id, finding_id, body) VALUES (x'00', x'00', '')`)
      }),
    ).toThrow('CHECK')
    expect(contents(store.database)).toEqual(before)
    expect(countEntries(store.database).waiting).toBe(0)
    expect(arriveAtVisit(store, ids.visit).seq).toBe(1)
  })

  test('of another person meets in one row of verification', async () => {
    const [mine, theirs] = [await enrolledStore(), await enrolledStore()]
    const subject = { kind: 'problem', id: ids.problem } as const
    const input = { visit: ids.visit, subject, note: '', place: null }
    const a = saveVerification(mine, { ...input, outcome: 'rectified' })
    const b = saveVerification(theirs, { ...input, outcome: 'sham' })
    expect(a.value).toBe(b.value)
  })
})

describe('a visit', () => {
  test('only goes forward, and the first arrival counts', async () => {
    const store = await enrolledStore()
    arriveAtVisit(store, ids.visit)
    const first = store.database.row('SELECT arrived_at, status FROM visit')
    expect(arriveAtVisit(store, ids.visit).seq).toBeUndefined()
    leaveVisit(store, ids.visit)
    arriveAtVisit(store, ids.visit)
    const row = store.database.row('SELECT arrived_at, status FROM visit')
    expect(row).toEqual({ arrived_at: first?.['arrived_at'], status: 'left' })
  })
})

type Step =
  | { readonly kind: 'verify'; readonly outcome: Outcome; readonly note: string }
  | { readonly kind: 'find'; readonly title: string; readonly submit: boolean }
  | { readonly kind: 'edit'; readonly which: number; readonly title: string }
  | { readonly kind: 'comment'; readonly which: number; readonly body: string }
  | { readonly kind: 'leave' }

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((s) => `x${s}`)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('verify' as const),
    outcome: fc.constantFrom<Outcome>('rectified', 'partly', 'not', 'sham'),
    note: words,
  }),
  fc.record({ kind: fc.constant('find' as const), title: words, submit: fc.boolean() }),
  fc.record({ kind: fc.constant('edit' as const), which: fc.nat(9), title: words }),
  fc.record({ kind: fc.constant('comment' as const), which: fc.nat(9), body: words }),
  fc.constant({ kind: 'leave' as const }),
)

function take(store: TestStore, findings: Id[], s: Step): void {
  switch (s.kind) {
    case 'verify':
      saveVerification(store, {
        visit: ids.visit,
        subject: { kind: 'commitment', id: ids.commitment },
        outcome: s.outcome,
        note: s.note,
        place: null,
      })
      return
    case 'find':
      findings.push(saveFinding(store, { ...newFinding, title: s.title, submit: s.submit }).value)
      return
    case 'edit': {
      const id = findings[s.which]
      if (id) saveFinding(store, { ...newFinding, id, title: s.title })
      return
    }
    case 'comment': {
      const id = findings[s.which]
      if (id) addComment(store, id, s.body)
      return
    }
    case 'leave':
      leaveVisit(store, ids.visit)
  }
}

test('whatever was saved, the outbox replayed into an empty database equals the tables', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const store = await enrolledStore()
      const findings: Id[] = []
      for (const s of steps) take(store, findings, s)
      const replayed = await openMemory()
      seedRows(replayed)
      for (const { entry } of allEntries(store)) {
        applyPatchset(replayed, parseEntry(entry).changeset)
      }
      expect(contents(replayed)).toEqual(contents(store.database))
      store.database.close()
      replayed.close()
    }),
    { numRuns: 30 },
  )
})
