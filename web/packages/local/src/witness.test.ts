import { idBytes, type Id } from '@sansuiji/protocol'
import { beforeEach, describe, expect, test } from 'vitest'

import { acknowledgeAlarm, acknowledgeNotice, warnings } from './alarm'
import { keptCheckpoints } from './checkpoint'
import type { Contact } from './contact'
import { factsBut } from './facts'
import { countStages } from './outbox'
import { saveFinding, type FindingInput } from './record'
import { get, getNumber, remove, set } from './state'
import { status } from './status'
import { sync, type SyncResult } from './sync'
import {
  contactOf,
  enrolledStore,
  FakeHeadquarters,
  ids,
  patchset,
  someId,
  type TestStore,
} from './testing'
import { headquartersKey, signed, witnessAt, type Life } from './testlog'

const life: Life = { epoch: ids.epoch }

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

let store: TestStore
let headquarters: FakeHeadquarters
let contact: Contact

beforeEach(async () => {
  const enrolled = await enrolledStore()
  store = enrolled
  headquarters = new FakeHeadquarters()
  contact = contactOf(enrolled, headquarters)
  set(store.database, 'hq_key', headquartersKey)
})

/** Syncs with an answer that says this of the log. */
async function hear(witness: object, epoch: Id = ids.epoch): Promise<SyncResult> {
  const page = { next: getNumber(store.database, 'cursor') + 1, witness }
  // The first page of another life is thrown away.
  headquarters.pages.push(page, ...(epoch === headquarters.epoch ? [] : [page]))
  headquarters.epoch = epoch
  const result = await sync(contact)
  headquarters.pages.length = 0
  return result
}

describe('checkpoints', () => {
  test('that continue each other are kept, the last twenty, and named in requests', async () => {
    for (let size = 1; size <= 25; size++) await hear(witnessAt(life, size, size - 1))
    const sizes = keptCheckpoints(store.database).map(({ checkpoint }) => checkpoint.size)
    expect(sizes).toEqual(Array.from({ length: 20 }, (_, i) => i + 6))
    expect(warnings(store.database)).toEqual({ alarm: null, notice: null })
    saveFinding(store, finding)
    await sync(contact)
    expect(headquarters.told.at(-1)).toMatchObject({ sizes, checkpoint: signed(life, 25) })
    expect(headquarters.pulls.at(-1)?.get('size')).toBe(sizes.join(','))
    expect(headquarters.pulls.at(-1)?.get('held')).toBe(ids.epoch)
  })

  test.each([
    ['rolled-back', 'an earlier state', witnessAt(life, 40)],
    ['forked', 'another history', witnessAt({ ...life, bend: 45 }, 60, 50)],
    ['forked', 'another history of the same size', witnessAt({ ...life, bend: 45 }, 50)],
  ] as const)('%s: %s is an alarm, and syncing goes on', async (kind, _name, witness) => {
    await hear(witnessAt(life, 50))
    expect((await hear(witness)).failure).toBeNull()
    saveFinding(store, finding)
    expect(await hear({})).toMatchObject({ failure: null, pushed: 1 })
    expect(warnings(store.database).alarm).toMatchObject({ kind, held: { size: 50 } })
    // Headquarters is shown what it lacks, and everything is pulled anew.
    expect(headquarters.told[0]).toMatchObject({ entries: [], checkpoint: signed(life, 50) })
    expect(headquarters.pulls.map((q) => q.get('after')).slice(0, 3)).toEqual(['0', '1', '0'])

    acknowledgeAlarm(store.database)
    expect(warnings(store.database).alarm).toBeNull()
    expect(get(store.database, 'alarm_acknowledged')).toContain(kind)
    expect(keptCheckpoints(store.database).map((k) => k.signed)).toEqual([witness['checkpoint']])
  })

  test('that prove nothing are an alarm in the third sync in a row', async () => {
    await hear(witnessAt(life, 50))
    const forged = { checkpoint: signed(life, 60).replace('revision 60', 'revision 61') }
    headquarters.witness = forged
    for (const nth of [1, 2, 3]) {
      expect(warnings(store.database).alarm, `before the ${String(nth)}`).toBeNull()
      saveFinding(store, finding)
      await hear(forged)
    }
    expect(warnings(store.database).alarm).toMatchObject({ kind: 'unverifiable' })
    expect(keptCheckpoints(store.database)).toHaveLength(1)
    // Proof is worse than the lack of it.
    headquarters.witness = {}
    await hear(witnessAt(life, 20))
    expect(warnings(store.database).alarm).toMatchObject({ kind: 'rolled-back' })
  })

  test('of a new epoch that continues what is known are a notice', async () => {
    await hear(witnessAt(life, 30))
    await hear(witnessAt(life, 50, 30))
    const restored = {
      epoch: ids.laterEpoch,
      began: 40,
      ended: [{ epoch: ids.epoch, size: 40 }],
    }
    await hear(witnessAt(restored, 42, 30), ids.laterEpoch)
    expect(warnings(store.database)).toMatchObject({
      alarm: null,
      notice: { position: 40, lost: 10, epoch: ids.laterEpoch },
    })
    expect(keptCheckpoints(store.database).map((k) => k.checkpoint.size)).toEqual([30, 42])
    acknowledgeNotice(store.database)
    expect(warnings(store.database).notice).toBeNull()
  })

  test('are not judged before headquarters’ key is known, which its row tells', async () => {
    remove(store.database, 'hq_key')
    await hear(witnessAt(life, 5))
    expect(keptCheckpoints(store.database)).toEqual([])
    const page = await patchset((database) => {
      const insert = `INSERT INTO device (id, name, public_key) VALUES (?, '總部', ?)`
      database.run(insert, idBytes(someId(3)), headquartersKey)
    })
    headquarters.pages.push({ next: 9, patchset: page, witness: witnessAt(life, 6) })
    await sync(contact)
    expect(keptCheckpoints(store.database)).toHaveLength(1)
  })

  test('in any form do not keep entries from being synced', async () => {
    for (const witness of [
      { checkpoint: 7, proof: 'x', from: -1.5, backed_up: 'all', heads: [{ device_id: 'x' }, 3] },
      { checkpoint: 'x', proof: [1, new Uint8Array(3)], from: null, heads: null },
      { checkpoint: signed(life, 3), proof: [new Uint8Array(31)], from: 2 },
    ]) {
      headquarters.witness = witness
      saveFinding(store, finding)
      expect(await hear(witness)).toMatchObject({ failure: null, pushed: 1 })
    }
  })
})

test('an entry is on the phone, at headquarters, in a backup, and back again when it is lost', async () => {
  const stages = () => countStages(store.database)
  for (let i = 0; i < 3; i++) saveFinding(store, finding)
  expect(stages()).toEqual({ phone: 3, headquarters: 0, backup: 0 })
  await hear({ backed_up: 2 })
  expect(stages()).toEqual({ phone: 0, headquarters: 1, backup: 2 })
  expect(status(store.database).merged.map(({ seq, stage }) => [seq, stage])).toEqual([
    [3, 'headquarters'],
    [2, 'backup'],
    [1, 'backup'],
  ])
  headquarters.forgetFrom(2)
  headquarters.online = false
  await sync(contact)
  expect(stages().backup).toBe(2)
  headquarters.online = true
  headquarters.pages.push({ problem: 'cursor-ahead' })
  await sync(contact)
  // The copy that headquarters came from is not known to be in a backup again.
  expect(stages()).toEqual({ phone: 0, headquarters: 3, backup: 0 })
})

describe('facts', () => {
  const heads = (n: number, seq: number) => [{ device_id: someId(n), seq }]

  test('are told before entries when headquarters lives a new life, once', async () => {
    await hear({ heads: heads(9, 4) })
    saveFinding(store, finding)
    headquarters.epoch = ids.laterEpoch
    await sync(contact)
    saveFinding(store, finding)
    await sync(contact)
    const fact = { epoch: ids.epoch, revision: 1, heads: heads(9, 4) }
    expect(headquarters.told.map((push) => [push.entries.length, push.epoch, push.facts])).toEqual([
      [1, ids.epoch, undefined], // refused: there is something to tell first
      [0, ids.epoch, undefined],
      [1, ids.laterEpoch, [fact]],
      [0, ids.laterEpoch, undefined],
      [1, ids.laterEpoch, undefined],
    ])
  })

  test('that no entry outside a backup can need are let go', async () => {
    const count = () => factsBut(store.database, someId(1)).length
    for (let seq = 1; seq <= 9; seq++) await hear({ heads: heads(9, seq) })
    expect(count()).toBe(1)
    for (let n = 0; n < 5; n++) {
      saveFinding(store, finding)
      await hear({ heads: heads(9, 10 + n) })
    }
    expect(count()).toBe(6)
    await hear({ backed_up: 3 })
    expect(count()).toBe(3)
    await hear({ backed_up: 5 })
    expect(count()).toBe(1)
  })
})

test('after a migration that raised the schema version everything is pulled anew', async () => {
  await hear({})
  set(store.database, 'schema', 2)
  await hear({})
  await hear({})
  expect(headquarters.pulls.map((q) => q.get('after'))).toEqual(['0', '0', '2'])
})
