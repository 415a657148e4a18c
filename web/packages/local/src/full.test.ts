import { expect, test } from 'vitest'

import { openMemory } from './database'
import { failureByRoom } from './full'
import { PhotoError } from './photo'

const room = () => Promise.resolve(true)
const none = () => Promise.resolve(false)
const sqliteError = (resultCode: number) => Object.assign(new Error('sqlite'), { resultCode })

test('a file that cannot be written is a full phone where there is no room, and a fault elsewhere', async () => {
  expect(await failureByRoom(sqliteError(10), none)).toEqual({ kind: 'no-space' })
  expect(await failureByRoom(sqliteError(10 | (3 << 8)), none)).toEqual({ kind: 'no-space' })
  expect(await failureByRoom(sqliteError(10), room)).toMatchObject({ kind: 'broken' })
  expect(await failureByRoom(sqliteError(11), none)).toMatchObject({ kind: 'broken' })
  expect(await failureByRoom(new PhotoError('no-space'), none)).toMatchObject({ kind: 'photo' })
})

test('a database that may not grow says so itself', async () => {
  const database = await openMemory()
  database.run('PRAGMA max_page_count = 1')
  const fill = () => {
    for (let i = 0; i < 100; i++) {
      database.run('INSERT INTO device_state VALUES (?, ?)', `draft:${i}`, 'x'.repeat(9_000))
    }
  }
  const error = await Promise.resolve()
    .then(fill)
    .catch((thrown: unknown) => thrown)
  expect(await failureByRoom(error, room)).toEqual({ kind: 'no-space' })
})
