/**
 * An app that was updated goes on with the data of the one before: the database here is one
 * that the program of schema version 5 wrote, with entries that it had not sent.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

import { parseEntry, schemaVersion } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { Database, migrate, openMemory } from './database'
import { keptForm } from './form'
import { memoryKeys } from './keys'
import { countEntries, entriesAfter } from './outbox'
import { finding } from './queries'
import { saveFinding } from './record'
import { returnedFindings } from './returned'
import { status } from './status'
import { sync } from './sync'
import { contactOf, FakeHeadquarters, ids, start } from './testing'

const file = new URL('../../../../testdata/devices/schema-5.sqlite3.gz', import.meta.url)

/** The database as it was when the older program was closed. */
async function older(): Promise<Database> {
  const { sqlite3, connection: other } = await openMemory()
  other.close()
  const bytes = Uint8Array.from(gunzipSync(readFileSync(file)))
  const connection = new sqlite3.oo1.DB(':memory:')
  const { capi, wasm } = sqlite3
  const at = wasm.allocFromTypedArray(bytes)
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_RESIZEABLE
  const size = bytes.byteLength
  connection.checkRc(capi.sqlite3_deserialize(connection, 'main', at, size, size, flags))
  return new Database(sqlite3, connection)
}

async function updated() {
  const database = await older()
  const before = entriesAfter(database, 0)
  migrate(database)
  let now = start + 86_400_000
  const store = {
    ...{ database, key: await memoryKeys().create(), clock: () => (now += 1000) },
    random: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
  }
  return { store, before, headquarters: new FakeHeadquarters() }
}

test('every entry is as it was, and what is on the screens too', async () => {
  const { store, before } = await updated()
  const { database } = store
  expect(entriesAfter(database, 0)).toEqual(before)
  expect(countEntries(database)).toEqual({ waiting: 5, merged: 2, held: 0, quarantined: 0 })
  expect(keptForm(database, ids.visit)).toBe('{"title":"半句"}')
  const shown = status(database).waiting.flatMap(({ changes }) => changes)
  expect(shown.map(({ table }) => table)).toEqual([
    ...['finding', 'finding', 'verification', 'comment', 'visit'],
  ])
  expect(shown[0]?.title).toBe('公示欄過期半年')
  expect(finding(database, shown[0]?.rowId ?? ids.visit)?.title).toBe('公示欄過期半年')
  expect(returnedFindings(database)).toEqual([])
})

test('what was not sent goes as it was sealed, and new entries go on after it', async () => {
  const { store, before, headquarters } = await updated()
  headquarters.held.push(...before.slice(0, 2).map(({ entry }) => entry))
  saveFinding(store, {
    ...{ id: null, visit: ids.visit, problem: null, kind: 'problem', title: '更新之後' },
    ...{ detail: '', severity: null, place: null, submit: true },
  })
  expect(await sync(contactOf(store, headquarters))).toMatchObject({ failure: null, pushed: 6 })
  const sent = headquarters.held.map((entry) => parseEntry(entry ?? new Uint8Array()))
  expect(sent.map(({ schema }) => schema)).toEqual([5, 5, 5, 5, 5, 5, 5, schemaVersion])
  expect(sent.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  headquarters.held.slice(0, 7).forEach((entry, i) => {
    expect(entry).toEqual(before[i]?.entry)
  })
  // The rows lack what columns brought since: they are fetched anew.
  expect(headquarters.pulls[0]?.get('after')).toBe('0')
})
