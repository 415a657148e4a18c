import { deviceMigrations, tables, columnNames } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { migrate, NewerDatabaseError, openMemory } from './database'

test('the tables of the phone have exactly the columns of the catalogue, in order', async () => {
  const database = await openMemory()
  for (const table of tables) {
    const columns = database.rows(`SELECT name FROM pragma_table_info('${table.name}')`)
    expect(columns.map((c) => c['name'])).toEqual(columnNames(table))
  }
})

test('a database is brought forward step by step, and a failed step leaves it where it was', async () => {
  const database = await openMemory()
  const steps = [...deviceMigrations, 'CREATE TABLE more (a); INSERT INTO nowhere VALUES (1)']
  expect(() => {
    migrate(database, steps)
  }).toThrow('nowhere')
  expect(database.row('PRAGMA user_version')).toEqual({ user_version: deviceMigrations.length })
  expect(database.rows(`SELECT name FROM sqlite_schema WHERE name = 'more'`)).toEqual([])
})

test('a database of a newer program is refused and left alone', async () => {
  const database = await openMemory()
  database.run('PRAGMA user_version = 99')
  expect(() => {
    migrate(database)
  }).toThrow(NewerDatabaseError)
})
