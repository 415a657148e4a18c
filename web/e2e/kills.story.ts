/**
 * Wherever the app is killed, what a screen said is saved is there, nothing is there by half,
 * and the app comes up. The points are those of stops.ts; where an interview is sealed they
 * are in interview.story.ts, with what the disk then tells.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { go, home, openFindings, phoneSize, recordFinding, sync, teamOf } from './field'
import { answerAll, begin, openInterviews, startSealing } from './interviewing'
import { Office } from './office'
import { Server, type Ready } from './server'
import { shot } from './shots'
import { forgetCommits, stopAt, stopped, type StopName } from './stops'
import { addPhotos, sign, typedIsKept, visitOf } from './visiting'

let server: Server
let ready: Ready
let page: Page
let kills = 0
const phone = new Profile(phoneSize)

/** Titles of findings that a screen has shown as saved, or a form as kept and then saved. */
const shown: string[] = []

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await phone.remove()
  await server.remove()
})

function pictureOfFailure(): void {
  onTestFailed(async () => {
    await picture(page, 'failed-kills').catch(() => undefined)
    process.stderr.write(`${phone.complaints.join('\n')}\n`)
  })
}

/** Does something, kills the browser when the store has come to a point of it, and starts anew. */
async function killAt(point: StopName, act: () => Promise<unknown>): Promise<void> {
  await stopAt(page, point)
  await stopped(page, act)
  // The page's process alone, which is quicker; the whole browser now and then.
  if (++kills % 4 > 0) {
    page = await phone.crash(ready.field)
    return
  }
  await phone.kill()
  page = await phone.open(ready.field)
}

test('wherever the app is killed, what was shown is there and nothing is by half', async () => {
  pictureOfFailure()
  page = await phone.open(ready.field)
  await enrolling()
  await saving()
  await withPhotos()
  await pushing()
  await pulling()
  await sealing()
  await atHeadquarters()
})

test('without the end of the log on the disk a save that was shown is lost, and it is seen', async () => {
  pictureOfFailure()
  await openFindings(page)
  await forgetCommits(page)
  await record('never written')
  await phone.kill()
  page = await phone.open(ready.field)
  await expect(expectListed('never written')).rejects.toThrow()
  expect(await server.stop()).toBe(0)
  expect(server.fsck()).toMatchObject({ code: 0 })
})

/** A phone that is killed while it enrols is one device, and gets all its rows. */
async function enrolling(): Promise<void> {
  for (const point of [
    'enrolling, headquarters not asked',
    'enrolling, answer not read',
    'enrolling, answer not kept',
  ] as const) {
    await page.getByTestId('enrol-code').fill(ready.enrolment_code)
    await killAt(point, () => page.getByTestId('enrol-submit').click())
    await page.getByTestId('enrol-code').waitFor()
  }
  await page.getByTestId('enrol-code').fill(ready.enrolment_code)
  await killAt('first download, half a page in', () => page.getByTestId('enrol-submit').click())
  await home(page)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
}

/** A save that is killed is all there or all in the form. */
async function saving(): Promise<void> {
  for (const [point, saved] of [
    ['saving, nothing written', false],
    ['saving, half written', false],
    ['saving, not committed', false],
    ['saving, committed and not told', true],
  ] as const) {
    await startFinding(point)
    await killAt(point, () => page.getByTestId('finding-submit').click())
    await expectFinding(point, saved)
  }
}

/** A photo is whole or not there, and its sending goes on where it was broken off. */
async function withPhotos(): Promise<void> {
  await openFindings(page)
  for (const [n, point] of (
    ['photo, preview alone', 'photo, half a file', 'photo, no form knows it'] as const
  ).entries()) {
    await startFinding(point)
    const one = await shot(page, n, 900, 600)
    await killAt(point, () => page.getByTestId('photo-input-gallery').setInputFiles(one))
    await expectFinding(point, false)
    expect(await photos(page)).toEqual([])
  }
  const last = await shot(page, 9, 1600, 1200)
  await startFinding('with photo')
  await addPhotos(page, [last])
  await phone.kill() // The form shows it: it is kept.
  page = await phone.open(ready.field)
  await openFindings(page)
  await page.getByTestId('finding-draft').click()
  await page.getByTestId('photo-draft').locator('img').waitFor()
  await killAt('photo, its row not committed', () => page.getByTestId('finding-submit').click())
  await openFindings(page)
  await page.getByTestId('finding-draft').click()
  await page.getByTestId('photo-draft').locator('img').waitFor()

  const submit = () => page.getByTestId('finding-submit').click()
  await killAt('sending, piece not sent', submit)
  shown.push('with photo')
  await killAt('sending, answer not read', () => go(page, '#/sync'))
  await go(page, '#/sync')
  await sync(page)
  const waiting = page.getByTestId('photos-waiting')
  await expect.poll(() => waiting.getAttribute('data-count'), { timeout: 30_000 }).toBe('0')
}

/** A push arrives once. */
async function pushing(): Promise<void> {
  for (const point of [
    'pushing, not sent',
    'pushing, answer not read',
    'pushing, answer half kept',
  ] as const) {
    await openFindings(page)
    await killAt(point, () => record(point))
    await expectListed(point)
    await sync(page)
  }
}

/** A pull is done again. */
async function pulling(): Promise<void> {
  const office = await Office.signIn(ready)
  const [unit] = await office.unitsOf(await teamOf(page))
  for (const point of [
    'pulling, page not read',
    'pulling, half applied',
    'pulling, not committed',
  ] as const) {
    await sync(page)
    await office.importTable('problems', `單位代碼,問題\n${unit ?? ''},${point.replace(',', '，')}`)
    await killAt(point, () => page.getByTestId('sync-now').click())
    await sync(page)
    await home(page)
    await page.getByTestId('visit-item').first().click()
    const problem = page.getByTestId('problem-item').filter({ hasText: point.slice(9) })
    await expect.poll(() => problem.count()).toBe(1)
  }
}

/** A sign-off and an interview are there, or as they were. */
async function sealing(): Promise<void> {
  const told = { words: ['井水發黃', '路燈不亮'], name: '', notes: '下午再來' } as const
  const list = await openInterviews(page)
  await begin(page, 'no-sound')
  await answerAll(page, told)
  await killAt('sealing, not committed', () => startSealing(page))
  await go(page, list)
  await page.getByTestId('interview-resume').click()
  await expect.poll(() => page.getByTestId('interview-notes').inputValue()).toBe(told.notes)

  const visit = await signing()
  await killAt('signing off, not committed', () => page.getByTestId('signoff-save').click())
  await go(page, `${visit}/signoff`)
  await expect.poll(() => page.getByTestId('signoff-name').inputValue()).toBe('趙同舟')
  await sign(page, visit)
  const save = () => page.getByTestId('signoff-save').click()
  await killAt('signing off, committed and not told', save)
  await go(page, `${visit}/signoff`)
  await page.getByTestId('signature-image').waitFor()
}

/** Headquarters has all of it once. */
async function atHeadquarters(): Promise<void> {
  await sync(page)
  const office = await Office.signIn(ready)
  const { findings } = await office.get<{ findings: readonly { title: string }[] }>('/findings')
  expect(findings.map(({ title }) => title).sort()).toEqual([...shown].sort())
  expect(phone.complaints).toEqual([])
}

/** Types a finding, until it is kept. */
async function startFinding(title: string): Promise<void> {
  await openFindings(page)
  await page.getByTestId('finding-new').click()
  await page.getByTestId('finding-title').fill(title)
  await typedIsKept(page)
}

async function record(title: string): Promise<void> {
  await recordFinding(page, { title, detail: '', severity: 'minor' })
  shown.push(title)
}

/** Wants a finding in the list, or its words in the form; from there it is saved. */
async function expectFinding(title: string, saved: boolean): Promise<void> {
  await openFindings(page)
  const listed = page.getByTestId('finding-item').filter({ hasText: title })
  const draft = page.getByTestId('finding-draft')
  await (saved ? listed : draft).waitFor()
  expect([await listed.count(), await draft.count()], title).toEqual(saved ? [1, 0] : [0, 1])
  if (!saved) {
    await draft.click()
    await expect.poll(() => page.getByTestId('finding-title').inputValue()).toBe(title)
    await page.getByTestId('finding-submit').click()
    await listed.waitFor()
  }
  shown.push(title)
}

/** Wants a finding that a screen has shown as saved. */
async function expectListed(title: string): Promise<void> {
  await openFindings(page)
  const listed = page.getByTestId('finding-item').filter({ hasText: title })
  await listed.waitFor({ timeout: 3_000 })
  expect(await listed.count()).toBe(1)
}

/** Opens the sign-off of the first visit and lets somebody sign. */
async function signing(): Promise<string> {
  await home(page)
  await page.getByTestId('visit-item').first().click()
  const visit = await visitOf(page)
  await sign(page, visit)
  return visit
}

/** The files of photos that are on the phone. */
async function photos(on: Page): Promise<readonly string[]> {
  return on.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle('attachments', { create: true })
    const names: string[] = []
    for await (const name of folder.keys()) names.push(name)
    return names
  })
}
