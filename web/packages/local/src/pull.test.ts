import { idBytes } from '@sansuiji/protocol'
import { beforeEach, describe, expect, test } from 'vitest'

import type { Contact } from './contact'
import { pull } from './pull'
import {
  addComment,
  arriveAtVisit,
  leaveVisit,
  saveFinding,
  saveVisitNote,
  type FindingInput,
} from './record'
import { getNumber, getText } from './state'
import {
  contactOf,
  contents,
  enrolledStore,
  FakeHeadquarters,
  ids,
  patchset,
  seedRows,
  someId,
} from './testing'

type TestDevice = Awaited<ReturnType<typeof enrolledStore>>

let store: TestDevice
let headquarters: FakeHeadquarters
let contact: Contact

beforeEach(async () => {
  store = await enrolledStore()
  headquarters = new FakeHeadquarters()
  contact = contactOf(store, headquarters)
})

const finding: FindingInput = {
  id: null,
  visit: ids.visit,
  problem: null,
  kind: 'problem',
  title: '井蓋缺失',
  detail: '',
  severity: 'minor',
  place: null,
  submit: true,
}

describe('a pulled page', () => {
  test('replaces rows that are here and adds those that are not', async () => {
    const page = await patchset((database) => {
      seedRows(database)
      database.run(`UPDATE visit SET note = '總部備註'`)
    })
    headquarters.pages.push({ patchset: page, next: 5 })
    expect(await pull(contact)).toEqual({ kind: 'complete', rows: 1 })
    expect(store.database.row('SELECT note FROM visit')).toEqual({ note: '總部備註' })
    expect(getNumber(store.database, 'cursor')).toBe(5)
  })

  test('takes away rows that left the scope and passes over those already gone', async () => {
    const page = await patchset(
      (database) => {
        database.run('DELETE FROM problem')
      },
      (database) => {
        seedRows(database)
        const more = `INSERT INTO problem (id, unit_id, title) VALUES (?, ?, '別組的')`
        database.run(more, idBytes(someId(9)), idBytes(ids.unit))
      },
    )
    headquarters.pages.push({ patchset: page, next: 5 })
    await pull(contact)
    expect(contents(store.database)['problem']).toEqual([])
  })

  test('with tables or columns of another schema is refused whole', async () => {
    const page = await patchset((database) => {
      database.run('CREATE TABLE puzzle (id BLOB NOT NULL PRIMARY KEY, words TEXT)')
      database.run(`INSERT INTO puzzle VALUES (x'01', 'who knows')`)
    })
    headquarters.pages.push({ patchset: page, next: 5 })
    await expect(pull(contact)).rejects.toThrow('unknown table puzzle')
    const wider = await patchset((database) => {
      database.run('ALTER TABLE team ADD COLUMN colour TEXT')
      database.run(`INSERT INTO team VALUES (?, 1, '一組', 'red')`, idBytes(ids.team))
    })
    headquarters.pages.push({ patchset: wider, next: 5 })
    await expect(pull(contact)).rejects.toThrow('team has 4 columns, want 3')
    expect(getNumber(store.database, 'cursor')).toBe(0)
  })

  test('with a row that breaks a constraint changes nothing at all', async () => {
    const before = contents(store.database)
    const page = await patchset((database) => {
      database.run('DROP TABLE unit')
      database.run(`CREATE TABLE unit (id BLOB NOT NULL PRIMARY KEY, code, name, category, county,
        township, members, secretary, latitude_e7, longitude_e7, team_id)`)
      database.run(`INSERT INTO team VALUES (?, 1, '一組')`, idBytes(ids.team))
      database.run(`INSERT INTO unit (id, code) VALUES (?, NULL)`, idBytes(someId(1)))
    })
    headquarters.pages.push({ patchset: page, next: 5 })
    await expect(pull(contact)).rejects.toThrow('apply')
    expect(contents(store.database)).toEqual(before)
    expect(getNumber(store.database, 'cursor')).toBe(0)
  })
})

describe('unsent edits', () => {
  test('stay on top of pulled rows, cell by cell', async () => {
    saveVisitNote(store, ids.visit, '我的備註')
    const page = await patchset((database) => {
      seedRows(database)
      database.run(`UPDATE visit SET note = '別人的備註', arrived_at = 77`)
    })
    headquarters.pages.push({ patchset: page, next: 5 })
    await pull(contact)
    expect(store.database.row('SELECT note, arrived_at FROM visit')).toEqual({
      note: '我的備註',
      arrived_at: 77,
    })
  })

  test('of a row that is made here too keep what headquarters decided about it', async () => {
    const { value } = saveFinding(store, finding)
    const page = await patchset((database) => {
      const insert = `INSERT INTO finding (id, visit_id, title, review_state, review_note, detail)
        VALUES (?, ?, '舊標題', 'returned', '請補充', '別人補的')`
      database.run(insert, idBytes(value), idBytes(ids.visit))
    })
    headquarters.pages.push({ patchset: page, next: 5 })
    await pull(contact)
    const row = store.database.row('SELECT * FROM finding WHERE id = ?', idBytes(value))
    expect(row).toMatchObject({
      title: '井蓋缺失',
      detail: '別人補的',
      review_state: 'returned',
      review_note: '請補充',
    })
  })

  test('do not set a further state back that was pulled', async () => {
    arriveAtVisit(store, ids.visit)
    const page = await patchset((database) => {
      seedRows(database)
      database.run(`UPDATE visit SET status = 'left'`)
    })
    headquarters.pages.push({ patchset: page, next: 5 })
    await pull(contact)
    expect(store.database.row('SELECT status FROM visit')).toEqual({ status: 'left' })
  })

  test('go further than the state that was pulled', async () => {
    leaveVisit(store, ids.visit)
    const page = await patchset((database) => {
      seedRows(database)
      database.run(`UPDATE visit SET status = 'arrived'`)
    })
    headquarters.pages.push({ patchset: page, next: 5 })
    await pull(contact)
    expect(store.database.row('SELECT status FROM visit')).toEqual({ status: 'left' })
  })

  test('of what is recorded once fill what is empty and leave the first value', async () => {
    const { value } = saveFinding(store, {
      ...finding,
      place: { latitudeE7: 1, longitudeE7: 2, accuracyM: 3 },
    })
    const page = await patchset((database) => {
      const insert = `INSERT INTO finding (id, visit_id, title, recorded_at) VALUES (?, ?, '舊標題', 77)`
      database.run(insert, idBytes(value), idBytes(ids.visit))
    })
    headquarters.pages.push({ patchset: page, next: 5 })
    await pull(contact)
    const row = store.database.row('SELECT * FROM finding WHERE id = ?', idBytes(value))
    expect(row).toMatchObject({ title: '井蓋缺失', recorded_at: 77, latitude_e7: 1 })
  })

  test('survive a change of scopes, which empties and refills the tables', async () => {
    headquarters.pages.push({ next: 5, scopes: ['campaign', 'team:a'] })
    await pull(contact)
    const { value } = saveFinding(store, finding)
    addComment(store, value, '已拍照')
    const page = await patchset((database) => {
      database.run(`INSERT INTO team VALUES (?, 2, '二組')`, idBytes(ids.team))
    })
    const scopes = ['campaign', 'team:b']
    headquarters.pages.push({ next: 6, scopes }, { patchset: page, next: 6, scopes })
    await pull(contact)
    const now = contents(store.database)
    expect(now['team']?.length).toBe(1)
    expect(now['visit']).toEqual([])
    expect(now['finding']?.[0]).toMatchObject({ title: '井蓋缺失' })
    expect(now['comment']?.length).toBe(1)
    expect(getText(store.database, 'scopes')).toBe('["campaign","team:b"]')
    expect(headquarters.pulls.map((q) => q.get('after'))).toEqual(['0', '5', '0'])
  })
})
