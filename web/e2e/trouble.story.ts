/**
 * What a phone does to an app: its space runs out, the browser clears what the app kept, a
 * permission is refused, the clock is wrong by years, the app is opened twice, and a new
 * version comes while something is unsent. Each is told in words, and nothing is lost of it
 * that could be kept.
 */
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'

import { barriers, expectNoBarriers } from './axe'
import { picture, Profile } from './browser'
import { enrol, go, home, openFindings, phoneSize, recordFinding, sync } from './field'
import { codeForColleague, wholly } from './hq'
import { NextVersion } from './nextversion'
import { Office } from './office'
import { Server, type Ready } from './server'
import { inStore, slowSaves } from './stops'
import { typedIsKept } from './visiting'

const years = 4 * 365.25 * 24 * 60 * 60 * 1000

let server: Server
let ready: Ready
let page: Page
const phone = new Profile(phoneSize, ['--use-fake-device-for-media-stream'])
const front = new NextVersion()

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await phone.remove()
  await front.close()
  await server.remove()
})

afterEach(async ({ task }) => {
  const name = `failed-trouble-${task.name.slice(0, 20)}`
  if (task.result?.state === 'fail') await picture(page, name).catch(() => undefined)
  await phone.kill()
})

/** Pictures what a person is told, and wants it to be for everybody. */
async function look(name: string): Promise<void> {
  await page.waitForTimeout(400)
  await picture(page, `trouble-${name}`)
  await wholly(page, () => expectNoBarriers(page, name))
}

async function titles(): Promise<readonly string[]> {
  const office = await Office.signIn(ready)
  const { findings } = await office.get<{ findings: readonly { title: string }[] }>('/findings')
  return findings.map(({ title }) => title)
}

test('a new version waits while something is unsent, and brings it along', async () => {
  const address = await front.open(Number(new URL(ready.field).port))
  page = await phone.open(address)
  await enrol(page, ready.enrolment_code)
  front.away = true
  await openFindings(page)
  await recordFinding(page, { title: '舊版所記', detail: '', severity: 'minor' })
  await page.getByTestId('finding-new').click()
  await page.getByTestId('finding-title').fill('打了一半')
  await typedIsKept(page)

  front.released = true
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update())
  await page.getByTestId('update-bar').waitFor({ timeout: 30_000 })
  expect(await page.getByTestId('finding-title').inputValue()).toBe('打了一半')
  await look('update')
  await phone.close() // It comes with the next start at the latest.
  page = await phone.open(address)
  await openFindings(page)
  await page.getByTestId('finding-item').filter({ hasText: '舊版所記' }).waitFor()
  const scripts = await page.evaluate(() => [...document.scripts].map(({ src }) => src).join())
  expect(scripts).toContain('.next.js')
  await page.getByTestId('finding-draft').click()
  await expect.poll(() => page.getByTestId('finding-title').inputValue()).toBe('打了一半')
  front.away = false
  await sync(page)
  expect(await titles()).toEqual(['舊版所記'])
})

test.each([
  { what: 'nothing', away: false },
  { what: 'something', away: true },
])('whoever updates now while $what is unsent has the new version, and all of it', async (told) => {
  const next = new NextVersion()
  onTestFinished(() => next.close())
  page = await phone.open(await next.open(Number(new URL(ready.field).port)))
  await enrol(page, await codeForColleague(ready))
  next.away = told.away
  const title = `更新前所記，${told.what}`
  await openFindings(page)
  await recordFinding(page, { title, detail: '', severity: 'minor' })
  if (!told.away) await sync(page)
  await openFindings(page)
  await page.getByTestId('finding-new').click()
  await page.getByTestId('finding-title').fill('更新時打了一半')
  next.released = true
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update())
  const says = page.getByTestId('update-says')
  await says.waitFor({ timeout: 30_000 })
  await expect.poll(() => says.getAttribute('data-unsent')).toBe(told.away ? '1' : '0')
  // All at once: what was typed last has not been written down yet.
  await page.evaluate(typeAndUpdate, '更新時打了一半，又添了一句')
  await page.waitForFunction(() =>
    [...document.scripts].some(({ src }) => /[.]next[.]js/.test(src)),
  )
  await expect
    .poll(() => page.getByTestId('finding-title').inputValue())
    .toBe('更新時打了一半，又添了一句')
  expect(await page.getByTestId('update-bar').count()).toBe(0)
  await openFindings(page)
  await page.getByTestId('finding-item').filter({ hasText: title }).waitFor()
  next.away = false
  await sync(page)
  expect(await titles()).toContain(title)
})

function typeAndUpdate(title: string): void {
  const at = (name: string) => document.querySelector<HTMLElement>(`[data-testid=${name}]`)
  const field = at('finding-title')
  if (field instanceof HTMLInputElement) field.value = title
  field?.dispatchEvent(new Event('input', { bubbles: true }))
  at('update-now')?.click()
}

/** Whoever looks into a visit far down finds the list where it was left. */
async function keepsItsPlace(): Promise<void> {
  const last = page.getByTestId('visit-item').last()
  await last.scrollIntoViewIfNeeded()
  await last.click()
  await page.waitForURL(/visit/)
  await page.goBack()
  const isSeen = () =>
    last.evaluate((card) => {
      const { top, bottom } = card.getBoundingClientRect()
      return bottom > 0 && top < window.innerHeight
    })
  await expect.poll(isSeen).toBe(true)
}

test('a full phone says so, keeps what was typed, and saves it once there is room', async () => {
  page = await phone.open(ready.field)
  await enrol(page, await codeForColleague(ready))
  await keepsItsPlace()
  await openFindings(page)
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(ready.field)
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
  const refused = page.locator('.van-toast').filter({ hasText: '存儲空間已滿' })
  // What the browser has set aside for the database is used up first.
  let saved = 0
  while (!(await saveLong(`空間不足時所記${String(saved)}`, refused))) saved += 1
  const last = `空間不足時所記${String(saved)}`
  await look('full')
  expect(await page.getByTestId('finding-title').inputValue()).toBe(last)
  await session.send('Storage.overrideQuotaForOrigin', { origin })
  await page.getByTestId('finding-submit').click()
  await page.getByTestId('finding-item').filter({ hasText: last }).waitFor()
  await sync(page)
  expect(await titles()).toContain(last)
})

/** Saves a finding of many words; whether it was refused. */
async function saveLong(title: string, refused: Locator): Promise<boolean> {
  await page.getByTestId('finding-new').click()
  await page.getByTestId('finding-title').fill(title)
  await page.getByTestId('finding-detail').fill('長'.repeat(20_000))
  await page.getByTestId('finding-submit').click()
  const listed = page.getByTestId('finding-item').filter({ hasText: title })
  await listed.or(refused).first().waitFor()
  return refused.isVisible()
}

test('a slow phone keeps no draft of what it was saving while somebody had just typed it', async () => {
  page = await phone.open(ready.field)
  await openFindings(page)
  await slowSaves(page, 1_000)
  await page.getByTestId('finding-new').click()
  await page.getByTestId('finding-title').fill('慢手機所記')
  await page.getByTestId('finding-submit').click()
  await page.getByTestId('finding-item').filter({ hasText: '慢手機所記' }).waitFor()
  expect(await page.getByTestId('finding-draft').count()).toBe(0)
  await page.getByTestId('finding-new').click()
  await page.waitForTimeout(500)
  expect(await page.getByTestId('finding-title').inputValue()).toBe('')
})

test('a phone whose data the browser has cleared says what headquarters has, and what not', async () => {
  page = await phone.open(ready.field)
  await sync(page)
  await page.context().setOffline(true)
  await openFindings(page)
  await recordFinding(page, { title: '未送達即被清除', detail: '', severity: 'minor' })
  await page.waitForTimeout(1_500) // what is known of it is marked
  await page.context().setOffline(false)
  await page.goto(`${ready.field}icon.svg`)
  await page.evaluate(clearFiles)
  await page.goto(ready.field)
  await page.getByTestId('lost-held').waitFor()
  expect(await page.getByTestId('lost-held').innerText()).toMatch(
    /總部已有 \d+ 條.*有 1 條沒有送達/s,
  )
  await look('lost')
  await page.getByTestId('lost-enrol').click()
  await page.getByTestId('enrol-code').waitFor()
  await enrol(page, await codeForColleague(ready))
  await openFindings(page)
  await page.getByTestId('finding-item').filter({ hasText: '慢手機所記' }).waitFor()
})

async function clearFiles(): Promise<void> {
  const root = await navigator.storage.getDirectory()
  for await (const name of root.keys()) await root.removeEntry(name, { recursive: true })
}

test('whoever refuses position and camera is told what goes on without them', async () => {
  page = await phone.open(ready.field)
  await home(page)
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(ready.field)
  for (const name of ['geolocation', 'camera']) {
    const permission = { name }
    await session.send('Browser.setPermission', { permission, setting: 'denied', origin })
  }
  await openFindings(page)
  await page.getByTestId('finding-new').click()
  await page.getByTestId('place-locate').click()
  await page.getByTestId('place-status').filter({ hasText: '未獲定位權限' }).waitFor()
  await page.getByTestId('finding-title').fill('不記位置')
  await toldHowToAllow('geolocation')
  const title = page.getByTestId('finding-title')
  await expect.poll(() => title.inputValue()).toBe('不記位置')
  await page.getByTestId('finding-submit').click()
  await page.getByTestId('finding-item').filter({ hasText: '不記位置' }).waitFor()
  await go(page, '#/mirror')
  await page.getByTestId('mirror-start').click()
  await page.getByText('未獲相機權限').waitFor()
  await toldHowToAllow('camera')
  await page.getByTestId('mirror-start').click()
  await page.getByText('未獲相機權限').waitFor()
  await page.getByTestId('mirror-input').waitFor()
  await look('refused')
})

/** Follows the link from where something is denied, and comes back. */
async function toldHowToAllow(name: string): Promise<void> {
  await page.getByTestId('to-permissions').click()
  const card = page.locator(`[data-testid=permission-${name}][data-state=denied]`)
  await card.getByTestId('permission-steps').waitFor()
  await page.getByTestId('back').click()
  await card.waitFor({ state: 'detached' })
}

test('a phone whose clock is wrong by years says so, and what it records arrives', async () => {
  page = await phone.open('about:blank')
  await page.addInitScript(shiftClock, years)
  await page.goto(ready.field)
  await home(page)
  await inStore(page, `(${shiftClock.toString()})(${String(years)})`)
  await sync(page) // One that began by itself may have asked for the time before.
  await sync(page)
  await page.getByTestId('clock-note').waitFor()
  await look('clock')
  await openFindings(page)
  await recordFinding(page, { title: '鐘錯之後', detail: '', severity: 'minor' })
  await sync(page)
  expect(await titles()).toContain('鐘錯之後')
})

/** Sets the clock of what it runs in forward. */
function shiftClock(by: number): void {
  const NativeDate = Date
  const shifted = class extends NativeDate {
    constructor(...args: readonly unknown[]) {
      super(...((args.length === 0 ? [NativeDate.now() + by] : args) as [number]))
    }

    static override now(): number {
      return NativeDate.now() + by
    }
  }
  globalThis.Date = shifted as DateConstructor
}

test('a second tab says that another has the records, and can take them over', async () => {
  page = await phone.open(ready.field)
  await home(page)
  const second = await page.context().newPage()
  await second.setViewportSize(phoneSize)
  await second.goto(ready.field)
  await second.getByTestId('take-over').waitFor()
  await picture(second, 'trouble-second-tab')
  expect(await barriers(second)).toEqual([])
  await second.getByTestId('take-over').click()
  await second.getByTestId('visit-item').first().waitFor()
  await page.getByTestId('take-over').waitFor()
  await second.close()
})
