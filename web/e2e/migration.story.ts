/**
 * An app that was updated finds the database of the one before, and is killed while it brings
 * that to its own version. Nothing of it is lost, wherever that happens.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { go, phoneSize } from './field'
import { Server } from './server'
import { putDatabase } from './standstill'
import { beforeNextStore, scriptFor, stopped } from './stops'

/** Written by the program of schema version 5, with entries that it had not sent. */
const older = join(import.meta.dirname, '../../testdata/devices/schema-5.sqlite3.gz')
const points = [
  'updating, journal not changed',
  'updating, nothing written',
  'updating, half written',
  'updating, not committed',
] as const

let server: Server
const phone = new Profile(phoneSize)

beforeAll(async () => {
  server = await Server.prepare()
})

afterAll(async () => {
  await phone.remove()
  await server.remove()
})

test('wherever the app is killed while it takes over an older database, all of it is there', async () => {
  onTestFailed(async () => {
    if (phone.page) await picture(phone.page, 'failed-migration').catch(() => undefined)
  })
  const { field } = await server.start()
  let page = await phone.open(field)
  await page.getByTestId('enrol-code').waitFor()
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await server.stop()
  await phone.close()
  page = await phone.open(`${field}icon.svg`)
  const database = gunzipSync(readFileSync(older)).toString('base64')
  await page.evaluate(putDatabase, database)
  for (const point of points) {
    // A worker may have begun before the script is there: then it has taken the database over.
    for (let tries = 3; ; tries--) {
      await beforeNextStore(page, scriptFor(point))
      const missed = await stopped(page, () => page.goto(field)).catch((error: unknown) => error)
      await phone.kill()
      page = await phone.open(`${field}icon.svg`)
      if (missed === undefined) break
      if (tries === 1) throw missed as Error
      await page.evaluate(putDatabase, database)
    }
  }
  await page.goto(field)
  await go(page, '#/sync')
  await expect.poll(() => page.getByTestId('sync-waiting').innerText()).toBe('5')
  const listed = await page.getByTestId('sync-entry-waiting').allInnerTexts()
  expect(listed.join('\n')).toContain('公示欄過期半年')
  expect(phone.complaints).toEqual([])
})
