/**
 * What a phone feels like on a computer a quarter as fast as this one, with 20,000 rows on
 * it, held against what people should have to bear at most.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { BarePage } from './bare'
import { Profile } from './browser'
import { enrol, go, home, openFindings, phoneSize } from './field'
import { median, percentile, print } from './figure'
import { fill } from './filling'
import { codeForColleague } from './hq'
import { Server, type Ready } from './server'
import { shot } from './shots'
import { addPhotoFiles, visitOf } from './visiting'
import {
  privateMemory,
  savesOf,
  slowDown,
  slowdown,
  usableSlow,
  watch,
  watched,
  watchSaves,
  withWorker,
} from './watching'

const rows = 20_000
const rounds = 5
const saves = 20
const photos = Number(process.env['PHOTOS'] ?? 500)
const atOnce = 25
/** What was begun just now works for itself; a start is waited for in silence. Milliseconds. */
const settle = 3000
const dist = join(import.meta.dirname, '../dist/field')

let server: Server
let ready: Ready
let enrolled = false
const phone = new Profile(phoneSize)
const bare = new BarePage()
// Drawing photos takes much memory, which is not the app's.
const camera = new Profile(phoneSize)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
  fill(ready, ready.enrolment_code, rows)
  await bare.open()
}, 300_000)

afterAll(async () => {
  await bare.close()
  await phone.remove()
  await camera.remove()
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
  const value = await download()
  print({ name: 'first download of 20,000 rows', value, unit: 'ms', baseline: 8000 })
})

/** Enrols the phone and has it download all rows; gives how long that took. */
async function download(): Promise<number> {
  const page = await phone.open(ready.field)
  await page.getByTestId('enrol-code').waitFor()
  const code = await codeForColleague(ready)
  await page.waitForTimeout(settle) // It syncs by itself soon after its start, if it may.
  const begun = performance.now()
  await enrol(page, code)
  await go(page, '#/sync')
  const button = page.getByTestId('sync-now')
  await expect.poll(async () => button.isEnabled(), { timeout: 300_000, interval: 20 }).toBe(true)
  const value = performance.now() - begun
  const said = await page.locator('body').innerText()
  const came = /下載 ([\d,]+) 條/.exec(said)?.[1]?.replaceAll(',', '')
  expect(Number(came)).toBeGreaterThan(rows)
  enrolled = true
  await phone.close()
  return value
}

/** So that each figure can be had alone. */
async function downloaded(): Promise<void> {
  if (!enrolled) await download()
}

test('a cold start without a server', async () => {
  await downloaded()
  await server.stop()
  const times: number[] = []
  const pages: number[] = []
  const empty: number[] = []
  for (let round = 0; round < rounds; round++) {
    const unhurried = await coldStart(false)
    const slow = await coldStart(true)
    times.push(usableSlow(slow, unhurried))
    pages.push(slow.usable ?? NaN)
    empty.push(await emptyStart())
    note(`round ${String(round + 1)}`, { unhurried, slow, empty: empty.at(-1) })
  }
  const name = `cold start offline with 20,000 rows, ${String(slowdown)}× slowed down`
  print({ name, value: median(times), unit: 'ms', baseline: 1500 })
  print({ name: `${name}: the page alone`, value: median(pages), unit: 'ms', baseline: 1500 })
  const against = `${name}, against an empty page with the same SQLite`
  print({ name: against, value: median(times), unit: 'ms', baseline: median(empty) })
  ready = await server.start()
})

async function coldStart(slow: boolean) {
  const page = await phone.open('about:blank')
  await watch(page)
  await page.waitForTimeout(settle)
  if (slow) await slowDown(page)
  await page.goto(ready.field)
  // Whoever looks meanwhile takes the page's time.
  let seen = await watched(page, settle)
  while (seen.usable === undefined) seen = await watched(page, settle)
  await phone.close()
  return seen
}

async function emptyStart(): Promise<number> {
  const page = await phone.open('about:blank')
  await page.waitForTimeout(settle)
  await slowDown(page)
  const time = await bare.timeOn(page, settle)
  await phone.close()
  return time
}

/** Tells of what a figure is made of, and that it is under way. */
function note(step: string, facts: object): void {
  process.stderr.write(`${step}: ${JSON.stringify(facts)}\n`)
}

test('saving a finding', async () => {
  await downloaded()
  const page = await phone.open('about:blank')
  await watch(page)
  await page.goto(ready.field)
  await home(page)
  await watchSaves(page)
  const slow = await slowDown(page)
  const times: number[] = []
  for (let n = 0; n < saves; n++) {
    times.push(await saveOne(page, n, slow))
    note(`save ${String(n + 1)}`, { page: times.at(-1), worker: (await savesOf(page)).at(-1) })
  }
  const work = await savesOf(page)
  const all = work.map((save, n) => withWorker(times[n] ?? NaN, save))
  expect(all).toHaveLength(saves)
  const name = `saving a finding, p95, with 20,000 rows, ${String(slowdown)}× slowed down`
  print({ name, value: percentile(all, 95), unit: 'ms', baseline: 50 })
  print({ name: name.replace('p95', 'median'), value: median(all), unit: 'ms', baseline: 50 })
  await phone.close()
})

/** Milliseconds from the tap until the store says that it is durable. */
async function saveOne(
  page: Page,
  n: number,
  slow: (rate: number) => Promise<void>,
): Promise<number> {
  await slow(1) // the way to the form is no part of it
  await openFindings(page, n % 40)
  await page.getByTestId('finding-new').click()
  await page.getByTestId('finding-title').fill(`第${String(n)}項`)
  await page.waitForTimeout(1000) // the form is kept
  await slow(slowdown)
  await page.getByTestId('finding-submit').click()
  await page.waitForTimeout(500)
  await page.getByTestId('finding-new').waitFor()
  const { tapped, saved } = await watched(page)
  expect(saved).toBeGreaterThan(tapped)
  return saved - tapped
}

/** Files of as many photos as are taken at once: their bytes must not come by way of the page. */
async function files(studio: Page, taken: number): Promise<readonly string[]> {
  const paths = []
  for (let i = 0; i < atOnce; i++) {
    const { name, buffer } = await shot(studio, taken + i + 1, 1200, 900)
    const path = join(camera.folder, name)
    writeFileSync(path, buffer)
    paths.push(path)
  }
  return paths
}

test('memory with photos that wait', { timeout: 1_800_000 }, async () => {
  await downloaded()
  await server.stop()
  const studio = await camera.open('about:blank')
  const page = await phone.open(ready.field)
  for (let taken = 0; taken < photos; taken += atOnce) {
    await home(page)
    await page
      .getByTestId('visit-item')
      .nth(taken / atOnce)
      .click()
    await go(page, `${await visitOf(page)}/finding`)
    await page.getByTestId('finding-title').fill(`第${String(taken)}張起`)
    await addPhotoFiles(page, await files(studio, taken))
    await page.getByTestId('finding-submit').click()
    await page.getByTestId('finding-new').waitFor()
    note(`${String(taken + atOnce)} photos`, { privateMB: await privateMemory(page) })
  }
  await go(page, '#/sync')
  const waiting = page.getByTestId('photos-waiting')
  expect(Number(await waiting.getAttribute('data-count'))).toBe(photos)
  const peak = await privateMemory(page)
  print({
    name: `memory of the app that took ${String(photos)} photos`,
    value: peak,
    unit: 'MB',
    baseline: 250,
  })
  await phone.close()
  const again = await phone.open(ready.field)
  await home(again)
  await go(again, '#/sync')
  await again.getByTestId('photos-waiting').waitFor()
  await again.waitForTimeout(settle)
  const value = await privateMemory(again)
  print({
    name: `memory of the app with ${String(photos)} photos queued`,
    value,
    unit: 'MB',
    baseline: 250,
  })
})
