/**
 * An inspector's day: the phone is ready before it leaves; without a server three units are
 * visited in the drawn order, through kills and reloads, with all that a team records there;
 * back in reach headquarters has every part of it.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { enrol, go, home, phoneSize, sync, teamOf } from './field'
import { deskSize, signIn, wholePicture } from './hq'
import { answerAll, begin, kept, seal } from './interviewing'
import { Office } from './office'
import { Server, type Ready } from './server'
import { shot } from './shots'
import { addPhotos, answer, arrive, openNext, signOff, typedIsKept, verify } from './visiting'

/** What is recorded at each unit. */
const plan = [
  { verifications: 14, photos: [3, 3, 2, 2], interviews: 2 },
  { verifications: 13, photos: [3, 3, 2, 2], interviews: 2 },
  { verifications: 13, photos: [3, 3, 2, 2], interviews: 1 },
] as const
const outcomes = ['rectified', 'partly', 'not', 'sham'] as const

/** Far from the demo's city, so that an arrival asks for a word. */
const somewhere = { latitude: 30, longitude: 100, accuracy: 20 }

let server: Server
let ready: Ready
let page: Page
const phone = new Profile(phoneSize)
const desk = new Profile(deskSize)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await Promise.all([phone.remove(), desk.remove()])
  await server.remove()
})

test('a day of three units is recorded without a server, and headquarters has all of it', async () => {
  onTestFailed(async () => {
    await picture(page, 'failed-day').catch(() => undefined)
    process.stderr.write(`${phone.complaints.join('\n')}\n`)
  })
  page = await phone.open(ready.field)
  await enrol(page, ready.enrolment_code)
  await listProblems()
  await getReady()

  expect(await server.stop(), 'the program stops cleanly').toBe(0)
  await page.reload()
  await home(page)
  await findTheWay()
  const visits: string[] = []
  for (const n of plan.keys()) visits.push(await visitUnit(n))
  expect(new Set(visits).size).toBe(3)
  await amend(visits[0] ?? '')

  ready = await server.start()
  await comeHome()
  await atHeadquarters()
  await onTheConsole()
  expect([...phone.complaints, ...desk.complaints]).toEqual([])
  expect(await server.stop()).toBe(0)
  const checked = server.fsck()
  expect(checked.text).toMatch(/\d+ entries replayed.*: clean/)
  expect(checked.code).toBe(0)
})

/** Headquarters imports the lists of the units that are next: a dozen problems each. */
async function listProblems(): Promise<void> {
  const office = await Office.signIn(ready)
  const units = await office.unitsOf(await teamOf(page))
  const lines = units.slice(0, plan.length).flatMap((unit) =>
    Array.from({ length: 12 }, (_, n) => {
      return [unit, 11 + n, `清單所列第${String(n + 1)}項`, '自己找', '一般'].join(',')
    }),
  )
  await office.importTable('problems', ['單位代碼,序號,問題,來源,程度', ...lines].join('\n'))
  await sync(page)
}

/** The list before leaving turns green, item by item. */
async function getReady(): Promise<void> {
  await allow()
  await home(page)
  await page.getByTestId('prepare-link').click()
  const verdict = page.getByTestId('ready-verdict')
  await verdict.waitFor()
  if ((await page.getByTestId('ready-storage').getAttribute('data-state')) !== 'good') {
    expect(await verdict.getAttribute('data-verdict')).toBe('unready')
    await picture(page, 'day-unready')
    await page.getByTestId('ready-storage-fix').click()
  }
  await expect
    .poll(async () => verdict.getAttribute('data-verdict'), { timeout: 30_000 })
    .toBe('ready')
  await wholePicture(page, 'day-ready')
}

/** The person lets the browser keep the data and say where the phone is. */
async function allow(): Promise<void> {
  const { origin } = new URL(ready.field)
  const session = await page.context().newCDPSession(page)
  await session.send('Browser.grantPermissions', {
    origin,
    permissions: ['durableStorage', 'geolocation'],
  })
  await session.send('Emulation.setGeolocationOverride', somewhere)
}

/** The list and the map say where the next unit is. */
async function findTheWay(): Promise<void> {
  await expect
    .poll(async () => page.getByTestId('prepare-badge').getAttribute('data-verdict'))
    .toBe('ready')
  await page.getByTestId('next-way').waitFor()
  expect(await page.getByTestId('next-way').innerText()).toMatch(/公里/)
  expect(await page.getByTestId('visit-day').count()).toBeGreaterThan(1)
  await picture(page, 'day-list')
}

/** All that a team records at one unit; gives the visit's address. */
async function visitUnit(n: number): Promise<string> {
  const visit = await openNext(page)
  await comeTo(n === 0)
  await verifyAll(visit, plan[n]?.verifications ?? 0)
  if (n === 1) await page.reload()
  for (const [nth, photos] of (plan[n]?.photos ?? []).entries()) {
    await findWithPhotos(visit, 10 * n + 100 * nth, photos)
  }
  for (let i = 0; i < (plan[n]?.interviews ?? 0); i++) await interview(visit, i === 1)
  if (n === 0) await answerChecklist(visit)
  await signOff(page, visit)
  if (n === 0) await wholePicture(page, 'day-signed')
  return visit
}

/** The arrival is saved first; the question why so far away comes after. */
async function comeTo(saysWhy: boolean): Promise<void> {
  await arrive(page)
  if (!saysWhy) {
    // Where the phone is was asked for once, on the page that is gone.
    await expect.poll(() => page.getByTestId('visit-status').innerText()).toBe('已到達')
    return
  }
  await page.getByTestId('far-dialog').waitFor()
  expect(await page.getByTestId('visit-status').innerText()).toBe('已到達')
  await page.getByTestId('far-why').fill('單位已搬遷')
  await picture(page, 'day-far')
  await page.getByTestId('far-save').click()
  await page.getByTestId('visit-note').filter({ hasText: '單位已搬遷' }).waitFor()
  await page.getByTestId('far-dialog').waitFor({ state: 'detached' })
}

/** Verifies problems and commitments in turn; the battery runs out in the middle. */
async function verifyAll(visit: string, count: number): Promise<void> {
  await page.getByTestId('problem-item').first().waitFor()
  const listed = await page.getByTestId('problem-item').count()
  for (let i = 0; i < count; i++) {
    if (i === 6) await runOut(visit)
    const own = Math.min(listed, count - 1)
    if (i === own) await go(page, `${visit}?tab=commitments`)
    const items = page.getByTestId(i < own ? 'problem-item' : 'commitment-item')
    await verify(page, items.nth(i < own ? i : i - own), outcomes[i % outcomes.length] ?? 'not')
  }
}

/** The phone dies, and is switched on again. */
async function runOut(visit: string): Promise<void> {
  await phone.kill()
  page = await phone.open(ready.field)
  await go(page, visit)
}

/** A finding with photos; before the last is saved the phone dies once more. */
async function findWithPhotos(visit: string, number: number, photos: number): Promise<void> {
  await go(page, `${visit}/finding`)
  await page.getByTestId('finding-title').fill(`公示欄第${String(number)}號`)
  await page.getByTestId('finding-detail').fill('最近一次公示為六月。')
  await page.getByTestId('finding-severity-moderate').click()
  const shots = []
  for (let i = 0; i < photos; i++) shots.push(await shot(page, number * 10 + i, 640, 480))
  await addPhotos(page, shots)
  if (number === 100) {
    await typedIsKept(page)
    await runOut(`${visit}/finding`)
    await expect.poll(() => page.getByTestId('photo-draft').count()).toBe(photos)
    expect(await page.getByTestId('finding-title').inputValue()).toBe('公示欄第100號')
  }
  await page.getByTestId('finding-submit').click()
  await page
    .getByTestId('finding-item')
    .filter({ hasText: `第${String(number)}號` })
    .waitFor()
}

/** An interview is held and sealed; the phone may die in the middle. */
async function interview(visit: string, interrupted: boolean): Promise<void> {
  await go(page, `${visit}/interviews`)
  await begin(page, 'no-sound')
  const told = { words: ['井水發黃', '路燈不亮'], name: '', notes: '下午再來' } as const
  await answerAll(page, told)
  if (interrupted) {
    await kept(page)
    await runOut(`${visit}/interviews`)
    await page.getByTestId('interview-resume').click()
    await expect.poll(() => page.getByTestId('interview-notes').inputValue()).toBe(told.notes)
  }
  await seal(page)
}

/** Every question is answered by a tap or a word; leaving asks for the one that is open. */
async function answerChecklist(visit: string): Promise<void> {
  await go(page, `${visit}?tab=questions`)
  const items = page.getByTestId('answer-item')
  await items.first().waitFor()
  const count = await items.count()
  expect(count).toBeGreaterThan(4)
  for (let i = 1; i < count; i++) await answer(items.nth(i))
  await page.getByTestId('visit-leave').click()
  const ask = page.locator('.van-dialog')
  await ask.filter({ hasText: '還有 1 道必答題未答' }).waitFor()
  await picture(page, 'day-leave')
  await ask.getByText('去答題').click()
  await ask.waitFor({ state: 'hidden' })
  await answer(items.first())

  const number = page.getByTestId('answer-number').first()
  await number.fill('12')
  await page.waitForTimeout(600)
  await page.reload()
  await expect.poll(async () => number.inputValue(), { timeout: 10_000 }).toBe('12')
  await number.focus()
  await number.press('Enter')
  await expect
    .poll(async () => page.getByTestId('answer-count').innerText())
    .toBe(`必答 ${String(count)} 題，已答 ${String(count)} 題`)
}

/** What is recorded after the sign-off is shown as such. */
async function amend(visit: string): Promise<void> {
  await go(page, `${visit}?tab=problems`)
  await verify(page, page.getByTestId('problem-item').first(), 'sham')
  await page.getByTestId('signoff-amended').waitFor()
  await go(page, `${visit}/signoff`)
  await page.getByTestId('amendment-item').first().waitFor()
  await wholePicture(page, 'day-amended')
}

/** All goes to headquarters, the photos last. */
async function comeHome(): Promise<void> {
  await sync(page)
  await page.getByTestId('sync-stage-headquarters').first().waitFor()
  expect(await page.getByTestId('sync-total-phone').innerText()).toMatch(/^0/)
  const waiting = page.getByTestId('photos-waiting')
  await page
    .getByTestId('photos-send')
    .click({ timeout: 1_000 })
    .catch(() => undefined)
  await expect.poll(() => waiting.getAttribute('data-count'), { timeout: 60_000 }).toBe('0')
  await picture(page, 'day-synced')
}

/** A visit as headquarters lists it. */
interface Visited {
  readonly id: string
  readonly status: string
  readonly verified: number
  readonly findings: number
  readonly interviews: number
  readonly photos: number
  readonly missing: number
  readonly signoff: string
}

/** What headquarters has of the three visits. */
async function atHeadquarters(): Promise<void> {
  const office = await Office.signIn(ready)
  const all = await office.get<readonly Visited[]>('/visits')
  const visited = all.filter(({ status }) => status !== 'planned')
  const sum = (of: (one: Visited) => number) => visited.reduce((n, one) => n + of(one), 0)
  expect(visited.map(({ status, signoff }) => [status, signoff])).toEqual(
    Array.from({ length: 3 }, () => ['closed', 'signed']),
  )
  expect({
    verified: sum((one) => one.verified),
    findings: sum((one) => one.findings),
    interviews: sum((one) => one.interviews),
    attachments: sum((one) => one.photos), // with a signature each
    missing: sum((one) => one.missing),
  }).toEqual({ verified: 40, findings: 12, interviews: 5, attachments: 33, missing: 0 })
  for (const { id } of visited) {
    const { talks } = await office.get<{ talks: readonly { sealed: boolean }[] }>(`/visits/${id}`)
    expect(talks.every(({ sealed }) => sealed)).toBe(true)
  }
}

/** One look at the console. */
async function onTheConsole(): Promise<void> {
  const console = await desk.open(ready.hq)
  await signIn(console, ready)
  await console.getByTestId('nav-findings').click()
  await console.getByTestId('finding-row').first().waitFor()
  await picture(console, 'day-console')
  expect(await console.getByTestId('finding-row').count()).toBe(12)
}
