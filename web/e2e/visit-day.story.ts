/**
 * A day's visit: the phone is ready before it leaves; without a server a unit's questions
 * are answered and the visit is signed off; back in reach headquarters has all of it.
 */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { enrol, go, home, phoneSize, recordFinding, sync } from './field'
import { wholePicture } from './hq'
import { Server, type Ready } from './server'

let server: Server
let ready: Ready
const phone = new Profile(phoneSize)

/** Far from the demo's city, so that an arrival asks for a word. */
const somewhere = { latitude: 30, longitude: 100, accuracy: 20 }

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await phone.remove()
  await server.remove()
})

test('a unit is visited without a server, from the check before leaving to the sign-off', async () => {
  onTestFailed(async () => {
    if (phone.page) await picture(phone.page, 'failed-visit-day').catch(() => undefined)
    process.stderr.write(`${phone.complaints.join('\n')}\n`)
  })
  const page = await phone.open(ready.field)
  await enrol(page, ready.enrolment_code)
  await getReady(page)

  expect(await server.stop(), 'the program stops cleanly').toBe(0)
  await page.reload()
  await home(page)
  await expect
    .poll(async () => page.getByTestId('prepare-badge').getAttribute('data-verdict'))
    .toBe('ready')
  await findTheWay(page)
  const visit = await arriveFar(page)
  await answerAll(page, visit)
  await signOff(page, visit)
  await amend(page, visit)
  await lookAround(page, visit)

  ready = await server.start()
  await sync(page)
  await page.getByTestId('sync-stage-headquarters').first().waitFor()
  expect(await page.getByTestId('sync-total-phone').innerText()).toMatch(/^0/)
  await picture(page, 'visit-day-synced')

  expect(phone.complaints).toEqual([])
  expect(await server.stop()).toBe(0)
  const checked = server.fsck()
  expect(checked.text).toMatch(/\d+ entries replayed.*: clean/)
  expect(checked.code).toBe(0)
})

test('a PIN hides the screens, and what was being typed is still there after it', async () => {
  const page = phone.page
  if (page === undefined) throw new Error('no page')
  onTestFailed(async () => picture(page, 'failed-lock').catch(() => undefined))
  await go(page, '#/settings')
  await page.getByTestId('settings-lock').click()
  await page.getByTestId('lock-new').fill('1234')
  await page.getByTestId('lock-again').fill('1234')
  await page.getByTestId('lock-set').click()
  await page.getByTestId('lock-fault').filter({ hasText: '太容易猜' }).waitFor()
  for (const field of ['lock-new', 'lock-again']) await page.getByTestId(field).fill('27182')
  await page.getByTestId('lock-set').click()
  await page.getByTestId('lock-lock').waitFor()
  await page.getByTestId('lock-new').fill('半')
  await picture(page, 'visit-day-lock-page')
  await page.getByTestId('lock-lock').click()
  await page.getByTestId('lock-screen').waitFor()
  expect(await page.getByTestId('page-title').isVisible()).toBe(false)
  await tryPin(page, '27183')
  await page.getByTestId('lock-says').filter({ hasText: '鎖屏碼不對' }).waitFor()
  await page.getByTestId('lock-forgot').click()
  await picture(page, 'visit-day-locked')
  await tryPin(page, '27182')
  await page.getByTestId('lock-screen').waitFor({ state: 'detached' })
  expect(await page.getByTestId('lock-new').inputValue()).toBe('半')
  await page.getByTestId('lock-now').fill('27182')
  await page.getByTestId('lock-remove').click()
  await page.getByTestId('lock-remove').waitFor({ state: 'detached' })
})

async function tryPin(page: Page, pin: string): Promise<void> {
  for (const digit of pin) await page.getByTestId(`lock-${digit}`).click()
  await page.getByTestId('lock-open').click()
}

/** The list before leaving turns green, item by item. */
async function getReady(page: Page): Promise<void> {
  await allow(page)
  await home(page)
  await page.getByTestId('prepare-link').click()
  const verdict = page.getByTestId('ready-verdict')
  await verdict.waitFor()
  if ((await page.getByTestId('ready-storage').getAttribute('data-state')) !== 'good') {
    expect(await verdict.getAttribute('data-verdict')).toBe('unready')
    await picture(page, 'visit-day-unready')
    await page.getByTestId('ready-storage-fix').click()
  }
  await expect
    .poll(async () => verdict.getAttribute('data-verdict'), { timeout: 30_000 })
    .toBe('ready')
  await wholePicture(page, 'visit-day-ready')
}

/** The person lets the browser keep the data and say where the phone is. */
async function allow(page: Page): Promise<void> {
  const { origin } = new URL(ready.field)
  const session = await page.context().newCDPSession(page)
  await session.send('Browser.grantPermissions', {
    origin,
    permissions: ['durableStorage', 'geolocation'],
  })
  await session.send('Emulation.setGeolocationOverride', somewhere)
}

/** The list and the map say where the next unit is. */
async function findTheWay(page: Page): Promise<void> {
  await page.getByTestId('next-way').waitFor()
  expect(await page.getByTestId('next-way').innerText()).toMatch(/公里/)
  expect(await page.getByTestId('visit-day').count()).toBeGreaterThan(1)
  await picture(page, 'visit-day-list')
  await page.getByTestId('visits-view-map').click()
  await page.getByTestId('map-unit').first().waitFor()
  await page.getByTestId('map-away').waitFor()
  await wholePicture(page, 'visit-day-map')
  await page.getByTestId('map-all').click()
  await wholePicture(page, 'visit-day-map-all')
  await page.getByTestId('visits-view-list').click()
}

/** The arrival is saved first; the question why so far away comes after. */
async function arriveFar(page: Page): Promise<string> {
  await page.getByTestId('next-visit').click()
  await page.getByTestId('visit-arrive').click()
  await page.getByTestId('far-dialog').waitFor()
  expect(await page.getByTestId('visit-status').innerText()).toBe('已到達')
  await page.getByTestId('far-why').fill('單位已搬遷')
  await picture(page, 'visit-day-far')
  await page.getByTestId('far-save').click()
  await page.getByTestId('visit-note').filter({ hasText: '單位已搬遷' }).waitFor()
  await page.getByTestId('far-dialog').waitFor({ state: 'detached' })
  return page.evaluate(() => location.hash.replace(/\?.*/, ''))
}

/** Every question is answered by a tap or a word; leaving asks for the one that is open. */
async function answerAll(page: Page, visit: string): Promise<void> {
  await go(page, `${visit}?tab=questions`)
  const items = page.getByTestId('answer-item')
  await items.first().waitFor()
  const count = await items.count()
  expect(count).toBeGreaterThan(4)
  for (let i = 1; i < count; i++) await answer(items.nth(i))
  await wholePicture(page, 'visit-day-answers')

  await page.getByTestId('visit-leave').click()
  const ask = page.locator('.van-dialog')
  await ask.filter({ hasText: '還有 1 道必答題未答' }).waitFor()
  await picture(page, 'visit-day-leave')
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

async function answer(item: Locator): Promise<void> {
  const answered = async () => item.getAttribute('data-answered')
  const number = item.getByTestId('answer-number')
  if ((await number.count()) > 0) {
    await number.fill('３')
    await number.press('Enter')
  } else {
    const tap = item.getByTestId(/^answer-(yes|4|1)$/)
    await tap.last().click()
  }
  await expect.poll(answered).toBe('true')
}

/** The representative reads, writes a name and signs on the glass. */
async function signOff(page: Page, visit: string): Promise<void> {
  await go(page, visit)
  await page.getByTestId('signoff-card').click()
  const summary = page.getByTestId('signoff-summary')
  await summary.waitFor()
  expect(await summary.innerText()).toContain('現場題目')
  await page.getByTestId('signoff-name').fill('趙同舟')
  await page.getByTestId('signoff-duty').fill('村支部書記')
  await page.getByTestId('signoff-save').click() // not signed: nothing is saved
  await sign(page)
  await wholePicture(page, 'visit-day-signing')
  await page.getByTestId('signoff-save').click()
  await page.getByTestId('signature-image').waitFor()
  expect(await page.getByTestId('amendments').innerText()).toContain('簽認後沒有變動')
  await page.getByTestId('visit-close').click()
  await page.locator('.van-dialog').getByText('結束核查', { exact: true }).click()
  await page.getByTestId('visit-closed').waitFor()
}

async function sign(page: Page): Promise<void> {
  const pad = page.getByTestId('signature-pad')
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  if (!box) throw new Error('the pad is not on the screen')
  for (const [from, to] of [
    [0.2, 0.4],
    [0.45, 0.8],
  ] as const) {
    await page.mouse.move(box.x + from * box.width, box.y + 60)
    await page.mouse.down()
    for (let step = 0; step <= 20; step++) {
      const along = from + ((to - from) * step) / 20
      await page.mouse.move(box.x + along * box.width, box.y + 100 + 40 * Math.sin(step))
    }
    await page.mouse.up()
  }
  await expect.poll(async () => pad.getAttribute('data-written')).toBe('true')
}

/** What is recorded after the sign-off is shown as such. */
async function amend(page: Page, visit: string): Promise<void> {
  await go(page, `${visit}?tab=findings`)
  await recordFinding(page, { title: '簽後補記', detail: '漏記一項', severity: 'minor' })
  await page.getByTestId('signoff-amended').waitFor()
  await go(page, `${visit}/signoff`)
  await page.getByTestId('amendment-item').filter({ hasText: '簽後補記' }).waitFor()
  await page.getByTestId('amendment-added').first().waitFor()
  await wholePicture(page, 'visit-day-signed')
}

/** The screens of a day fit in both languages, narrow and wide, light and dark. */
async function lookAround(page: Page, visit: string): Promise<void> {
  const screens = {
    prepare: '#/prepare',
    visits: '#/',
    map: '#/?view=map',
    questions: `${visit}?tab=questions`,
    signoff: `${visit}/signoff`,
  }
  for (const [look, size, dark, english] of [
    ['zh-320', { width: 320, height: 640 }, false, false],
    ['en-390', phoneSize, false, true],
    ['dark-390', phoneSize, true, false],
    ['en-1440', { width: 1440, height: 900 }, true, true],
  ] as const) {
    await page.setViewportSize(size)
    await go(page, '#/settings')
    await page.getByTestId(`theme-${dark ? 'dark' : 'light'}`).click()
    await page.getByTestId(`language-${english ? 'en' : 'zh'}`).click()
    for (const [name, hash] of Object.entries(screens)) {
      await go(page, hash)
      await page.waitForTimeout(400)
      await wholePicture(page, `visit-day-${name}-${look}`)
      const spare = await page.evaluate(
        () => window.innerWidth - document.documentElement.scrollWidth,
      )
      expect(spare, `${name} ${look} is wider than the window`).toBeGreaterThanOrEqual(0)
    }
  }
  await page.getByTestId('lang-switch').click()
  await page.setViewportSize(phoneSize)
}
