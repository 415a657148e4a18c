/**
 * What a phone feels like on a computer a quarter as fast as this one, with 20,000 rows on
 * it, held against what people should have to bear at most.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Profile } from './browser'
import { enrol, go, home, openFindings, phoneSize } from './field'
import { median, percentile, print } from './figure'
import { fill } from './filling'
import { codeForColleague } from './hq'
import { Server, type Ready } from './server'
import { shot } from './shots'
import { addPhotos } from './visiting'
import {
  privateMemory,
  savesOf,
  slowDown,
  slowdown,
  watch,
  watched,
  watchSaves,
  withWorker,
  workOf,
} from './watching'

const rows = 20_000
const rounds = 5
const saves = 20
const photos = 500
const dist = join(import.meta.dirname, '../dist/field')

let server: Server
let ready: Ready
const phone = new Profile(phoneSize)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
  fill(ready, ready.enrolment_code, rows)
}, 120_000)

afterAll(async () => {
  await phone.remove()
  await server.remove()
})

test('the first load, without SQLite and the map', async () => {
  const page = await phone.open('about:blank')
  const paths = new Set<string>()
  page.context().on('response', (response) => {
    const { pathname, origin } = new URL(response.url())
    if (origin === new URL(ready.field).origin) paths.add(pathname)
  })
  await page.goto(ready.field)
  await page.getByTestId('enrol-code').waitFor()
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  const files = [...paths]
    .filter((path) => /\/$|\.(html|js|css|svg|webmanifest)$/.test(path))
    .filter((path) => !/TileMap|maplibre/.test(path))
  expect(files.length).toBeGreaterThan(4)
  const bytes = files.map((path) => {
    const file = join(dist, path.endsWith('/') ? 'index.html' : path)
    return gzipSync(readFileSync(file)).length
  })
  const value = bytes.reduce((sum, size) => sum + size, 0) / 1000
  print({
    name: 'first load of the field app, gzip, without SQLite and map',
    value,
    unit: 'KB',
    baseline: 600,
  })
  await phone.close()
})

test('the first download', async () => {
  const page = await phone.open(ready.field)
  await page.getByTestId('enrol-code').waitFor()
  const begun = performance.now()
  await enrol(page, await codeForColleague(ready))
  await go(page, '#/sync')
  const button = page.getByTestId('sync-now')
  await expect.poll(async () => button.isEnabled(), { timeout: 60_000, interval: 20 }).toBe(true)
  const value = performance.now() - begun
  expect(
    Number(
      /下載 ([\d,]+) 條/.exec(await page.locator('body').innerText())?.[1]?.replaceAll(',', ''),
    ),
  ).toBeGreaterThan(rows)
  print({ name: 'first download of 20,000 rows', value, unit: 'ms', baseline: 8000 })
  await phone.close()
})

test('a cold start without a server', async () => {
  await server.stop()
  const work: number[] = []
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const unhurried = await coldStart(false)
    work.push(workOf(unhurried, unhurried.usable ?? NaN))
    times.push((await coldStart(true)).usable ?? NaN)
  }
  const name = `cold start offline with 20,000 rows, ${String(slowdown)}× slowed down`
  print({ name, value: withWorker(median(times), median(work)), unit: 'ms', baseline: 1500 })
  ready = await server.start()
})

async function coldStart(slow: boolean) {
  const page = await phone.open('about:blank')
  await watch(page)
  if (slow) await slowDown(page)
  await page.goto(ready.field)
  await page.getByTestId('visit-item').first().waitFor()
  const seen = await watched(page)
  await phone.close()
  return seen
}

test('saving a finding', async () => {
  const page = await phone.open('about:blank')
  await watch(page)
  await page.goto(ready.field)
  await home(page)
  await watchSaves(page)
  await slowDown(page)
  const times: number[] = []
  for (let n = 0; n < saves; n++) times.push(await saveOne(page, n))
  const work = await savesOf(page)
  const all = times.map((time, n) => withWorker(time, work[n] ?? NaN))
  const name = `saving a finding, p95, with 20,000 rows, ${String(slowdown)}× slowed down`
  print({ name, value: percentile(all, 95), unit: 'ms', baseline: 50 })
  await phone.close()
})

/** Milliseconds from the tap until the store says that it is durable. */
async function saveOne(page: Page, n: number): Promise<number> {
  await openFindings(page, n % 40)
  await page.getByTestId('finding-new').click()
  await page.getByTestId('finding-title').fill(`第${String(n)}項`)
  await page.waitForTimeout(400) // the form is kept
  await page.getByTestId('finding-submit').click()
  await page.getByTestId('finding-new').waitFor()
  const { tapped, saved } = await watched(page)
  expect(saved).toBeGreaterThan(tapped)
  return saved - tapped
}

test('memory with photos that wait', async () => {
  await server.stop()
  const page = await phone.open(ready.field)
  await home(page)
  await page.getByTestId('visit-item').first().click()
  await page.getByTestId('visit-unit').waitFor()
  const visit = await page.evaluate(() => location.hash.replace(/\?.*/, ''))
  for (let taken = 0; taken < photos; taken += 50) {
    await go(page, `${visit}/finding`)
    await page.getByTestId('finding-title').fill(`第${String(taken)}張起`)
    const shots = []
    for (let i = 0; i < 50; i++) shots.push(await shot(page, taken + i + 1, 1200, 900))
    await addPhotos(page, shots)
    await page.getByTestId('finding-submit').click()
    await page.getByTestId('finding-new').waitFor()
  }
  await go(page, '#/sync')
  const waiting = page.getByTestId('photos-waiting')
  expect(Number(await waiting.getAttribute('data-count'))).toBe(photos)
  const value = await privateMemory(page)
  print({ name: 'memory of the app with 500 photos queued', value, unit: 'MB', baseline: 250 })
  const session = await page.context().newCDPSession(page)
  const { metrics } = await session.send('Performance.getMetrics').catch(() => ({ metrics: [] }))
  process.stdout.write(
    `${JSON.stringify(metrics.filter(({ name }) => name.startsWith('JSHeap')))}\n`,
  )
})
