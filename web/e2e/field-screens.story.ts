/**
 * Every screen of the field app, in both languages and every theme: it fits a phone, also a
 * small one with large letters, nothing keeps people from using it, and a picture is kept to
 * look at.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { barriers, cuts } from './axe'
import { picture, Profile } from './browser'
import { enrol, go, home, phoneSize, sync } from './field'
import { deskSize, wholly } from './hq'
import { answerAll, begin, kept, seal, startSealing } from './interviewing'
import { Office, type Site } from './office'
import { Server, type Ready } from './server'
import { shot } from './shots'
import { addPhotos, arrive, sign, verify, visitOf } from './visiting'

const smallSize = { width: 320, height: 640 }

/** How much larger letters are made. */
const larger = 1.3

let server: Server
let ready: Ready
let page: Page
const phone = new Profile(phoneSize, [
  '--use-fake-device-for-media-stream',
  // The map is drawn by software here.
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
])
const found: string[] = []

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await phone.remove()
  await server.remove()
})

test('every screen can be used by everybody, in both languages, in the dark and in the sun', async () => {
  onTestFailed(async () => {
    await picture(page, 'failed-field-screens').catch(() => undefined)
    process.stderr.write(`${phone.complaints.join('\n')}\n`)
  })
  const office = await Office.signIn(ready)
  await office.drawSites(3, ['desk'])
  page = await phone.open(ready.field)
  await page.getByTestId('enrol-code').waitFor()
  await look('enrol')
  await enrol(page, ready.enrolment_code)
  await topScreens()
  const visit = await visitScreens()
  await findingScreens(visit)
  await peopleScreens(visit, office)
  await interviewScreens(visit)
  await signoffScreens(visit)
  await lockScreens()
  await sync(page)
  await look('sync-done')
  await largeLetters(visit)
  await leavingScreens(office)
  expect(found.join('\n')).toBe('')
  expect(phone.complaints).toEqual([])
})

/** Looks at what is on the screen, in all the ways it can be shown. */
async function look(name: string): Promise<void> {
  await page.waitForTimeout(350) // pop-ups and transitions
  for (const language of ['zh', 'en']) {
    await fits(`${name} ${language}`)
    await wholly(page, async () => {
      await picture(page, `${name}-${language}`, 'field')
      await note(`${name} ${language}`, () => barriers(page))
    })
    await switchLanguage()
  }
  await page.emulateMedia({ colorScheme: 'dark' })
  await wholly(page, async () => {
    await picture(page, `${name}-dark`, 'field')
    await note(`${name} dark`, () => barriers(page, ['color-contrast']))
  })
  await inTheSun()
  await wholly(page, async () => {
    await picture(page, `${name}-sun`, 'field')
    await note(`${name} sun`, () => barriers(page, ['color-contrast']))
  })
  await page.emulateMedia({ colorScheme: 'light' })
}

/** As the settings do; the system's next change undoes it. */
async function inTheSun(): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.dataset['theme'] = 'sun'
  })
  await page.waitForTimeout(50)
}

/** On a small phone with large letters. */
async function fits(name: string): Promise<void> {
  for (const [size, times] of [
    [phoneSize, 1],
    [deskSize, 1],
    [smallSize, larger],
  ] as const) {
    await page.setViewportSize(size)
    await note(`${name} ${String(size.width)}`, () => cuts(page, times))
  }
  await page.setViewportSize(phoneSize)
}

async function note(name: string, look: () => Promise<readonly string[]>): Promise<void> {
  found.push(...(await look()).map((barrier) => `${name}: ${barrier}`))
}

/** Also while a sheet is over the button. */
async function switchLanguage(): Promise<void> {
  await page.getByTestId('lang-switch').first().dispatchEvent('click')
  await page.waitForTimeout(50)
}

async function at(name: string, hash: string): Promise<void> {
  await go(page, hash)
  await look(name)
}

async function topScreens(): Promise<void> {
  await home(page)
  await at('visits', '#/')
  await at('map', '#/?view=map')
  await at('prepare', '#/prepare')
  await page.getByTestId('map-fetch').click()
  await page.locator('[data-testid=map-card][data-state=here]').waitFor()
  await go(page, '#/?view=map')
  await page.locator('[data-testid=tile-map][data-state=shown]').waitFor({ timeout: 60_000 })
  await look('map-tiles')
  await at('sync', '#/sync')
  await at('settings', '#/settings')
  await at('mirror-scan', '#/mirror')
  await deniedScreens()
}

/** What is asked for, and what a person is told who said no. */
async function deniedScreens(): Promise<void> {
  await at('permissions', '#/permissions')
  await permit('denied')
  await page.reload()
  await page.getByTestId('permission-steps').nth(2).waitFor()
  await look('permissions-denied')
  await go(page, '#/mirror')
  await page.getByTestId('mirror-start').click()
  await page.getByTestId('to-permissions').waitFor()
  await look('mirror-denied')
  await home(page)
  await page.locator('[data-testid=position][data-state=denied]').waitFor()
  await look('visits-denied')
  await page.getByTestId('visit-item').first().click()
  await page.getByTestId('visit-unit').waitFor()
  await go(page, `${await visitOf(page)}/finding`)
  await page.getByTestId('place-locate').click()
  await page.getByTestId('voice-record').click()
  await page.getByTestId('to-permissions').nth(1).waitFor()
  await look('finding-denied')
  await permit('granted')
  await page.reload()
}

async function permit(setting: 'granted' | 'denied'): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(ready.field)
  for (const name of ['geolocation', 'camera', 'microphone']) {
    await session.send('Browser.setPermission', { permission: { name }, setting, origin })
  }
}

async function visitScreens(): Promise<string> {
  await home(page)
  await page.getByTestId('visit-item').first().click()
  await page.getByTestId('visit-unit').waitFor()
  const visit = await visitOf(page)
  await look('visit')
  await arrive(page)
  await expect.poll(() => page.getByTestId('visit-status').innerText()).toBe('已到達')
  for (const tab of ['ledger', 'commitments', 'questions', 'findings']) {
    await at(`visit-${tab}`, `${visit}?tab=${tab}`)
  }
  await at('note', `${visit}/note`)
  await go(page, visit)
  await page.getByTestId('problem-item').first().click()
  await page.getByTestId('verify-save').waitFor()
  await look('verify')
  await go(page, visit)
  await verify(page, page.getByTestId('problem-item').first(), 'sham')
  await look('visit-verified')
  return visit
}

async function findingScreens(visit: string): Promise<void> {
  await go(page, `${visit}/finding`)
  await page.getByTestId('finding-submit').click() // without a title
  await page.getByTestId('finding-title').waitFor()
  await look('finding-missing')
  await page.getByTestId('finding-title').fill('公示欄收支明細停在上半年')
  await page.getByTestId('finding-detail').fill('最近一次公示為六月，群眾說以後沒有換過。')
  await page.getByTestId('finding-severity-serious').click()
  await addPhotos(page, [await shot(page, 1, 800, 600), await shot(page, 2, 600, 800)])
  await page.getByTestId('voice-record').click()
  await page.getByTestId('voice-stop').waitFor()
  await look('finding-voice')
  await page.getByTestId('voice-stop').click()
  await page.getByTestId('voice-draft').waitFor()
  await look('finding-form')
  await page.getByTestId('photo-draft').first().click()
  await page.getByTestId('photo-draft-caption').waitFor()
  await look('finding-photo-words')
  await page.getByTestId('photo-draft-done').click()
  await page.waitForTimeout(400)
  await page.getByTestId('finding-submit').click()
  await page.getByTestId('finding-item').first().waitFor()
  await look('visit-with-finding')
  await page.getByTestId('finding-item').first().click()
  await page.getByTestId('photo-item').first().waitFor()
  await look('finding')
  await page.getByTestId('photo-item').first().click()
  await page.getByTestId('photo-large').first().waitFor()
  await look('photo')
  await page.getByTestId('photo-mark').click()
  await page.getByTestId('photo-canvas').locator('img').waitFor()
  await look('photo-marks')
  await page.reload()
  await page.getByTestId('finding-edit').click()
  await page.getByTestId('finding-save').waitFor()
  await look('finding-edit')
}

async function peopleScreens(visit: string, office: Office): Promise<void> {
  await sync(page)
  await go(page, visit)
  const unit = await page.getByTestId('visit-unit').innerText()
  await go(page, `${visit}/people`)
  const register = page.getByTestId('register-pages')
  await register.getByTestId('photo-input-gallery').setInputFiles([await shot(page, 3, 600, 800)])
  await register.getByTestId('photo-item').first().waitFor()
  await look('people-roster')
  await go(page, `${visit}/people/paste`)
  const lines = Array.from({ length: 9 }, (_, i) => `4-${String(i + 1)}\t村民${String(i + 1)}`)
  await page.getByTestId('paste-text').fill(lines.join('\n'))
  await look('people-paste')
  await page.getByTestId('paste-add').click()
  await page.getByTestId('roster-person').first().waitFor()
  await look('people-listed')
  await page.getByTestId('roster-tell').click()
  await page.locator('.van-dialog__confirm').click()
  const code = page.getByTestId('roster-code')
  await code.waitFor()
  await look('people-code')
  const told = (await code.getAttribute('aria-label')) ?? ''
  const site = (await office.get<readonly Site[]>('/sites')).find((one) => one.unit === unit)
  const body = { code: told, caller: '第一組組長' }
  const { unlock } = await office.post<{ unlock: string }>(`/sites/${site?.id ?? ''}/tell`, body)
  await page.getByTestId('open-told-to').fill('值班員')
  await page.getByTestId('open-code').fill(unlock)
  await page.getByTestId('open-submit').click()
  await page.getByTestId('person-item').first().waitFor()
  await look('people-ask')
  await page.getByTestId('person-item').first().click()
  await page.getByTestId('contact-save').waitFor()
  await look('people-contact')
  await page.reload()
  await at('people-late', `${visit}/people/roster`)
  await at('people-mirror', `${visit}/people/mirror`)
}

async function interviewScreens(visit: string): Promise<void> {
  await at('interviews', `${visit}/interviews`)
  await page.getByTestId('interview-start-other').click()
  await page.getByTestId('consent-text').waitFor()
  await look('interview-consent')
  await go(page, `${visit}/interviews`)
  await begin(page, 'no-sound')
  await look('interview-question')
  await answerAll(page, { words: ['井水發黃', '路燈不亮'], name: '', notes: '下午再來' })
  await look('interview-last')
  await startSealing(page, false)
  await look('interview-seal')
  await page.locator('.van-dialog__cancel').click()
  await kept(page)
  await at('interviews-open', `${visit}/interviews`)
  await page.getByTestId('interview-discard').click()
  await page.getByTestId('discard-first').waitFor()
  await look('interview-discard')
  await page.reload()
  await page.getByTestId('interview-resume').click()
  await page.getByTestId('interview-last').waitFor()
  await seal(page)
  await look('interviews-sealed')
}

async function signoffScreens(visit: string): Promise<void> {
  await sign(page, visit)
  await look('signoff-form')
  await page.getByTestId('signoff-save').click()
  await page.getByTestId('signature-image').waitFor()
  await look('signoff-signed')
}

async function lockScreens(): Promise<void> {
  await go(page, '#/lock')
  for (const field of ['lock-new', 'lock-again']) await page.getByTestId(field).fill('1234')
  await page.getByTestId('lock-set').click()
  await page.getByTestId('lock-fault').filter({ hasText: '太容易猜' }).waitFor()
  await look('lock-weak')
  for (const field of ['lock-new', 'lock-again']) await page.getByTestId(field).fill('27182')
  await page.getByTestId('lock-set').click()
  await page.getByTestId('lock-lock').waitFor()
  await look('lock')
  await page.getByTestId('lock-new').fill('半')
  await page.getByTestId('lock-lock').click()
  await page.getByTestId('lock-screen').waitFor()
  expect(await page.getByTestId('page-title').isVisible()).toBe(false)
  await look('locked')
  await tryPin('27183')
  await page.getByTestId('lock-says').filter({ hasText: '鎖屏碼不對' }).waitFor()
  await page.getByTestId('lock-forgot').click()
  await look('locked-forgot')
  await tryPin('27182')
  await page.getByTestId('lock-screen').waitFor({ state: 'detached' })
  expect(await page.getByTestId('lock-new').inputValue(), 'what was typed is there').toBe('半')
  await page.getByTestId('lock-now').fill('27182')
  await page.getByTestId('lock-remove').click()
  await page.getByTestId('lock-remove').waitFor({ state: 'detached' })
}

async function tryPin(pin: string): Promise<void> {
  for (const digit of pin) await page.getByTestId(`lock-${digit}`).click()
  await page.getByTestId('lock-open').click()
}

/** The screens of the day with the largest letters that the settings give, on a small phone. */
async function largeLetters(visit: string): Promise<void> {
  await go(page, '#/settings')
  await page.getByTestId('letters-150').click()
  await page.setViewportSize(smallSize)
  for (const [name, hash] of [
    ['settings', '#/settings'],
    ['visits', '#/'],
    ['visit', visit],
    ['finding', `${visit}/finding`],
  ] as const) {
    await go(page, hash)
    for (const language of ['zh', 'en']) {
      await page.waitForTimeout(350)
      await note(`${name} ${language} with large letters`, () => cuts(page))
      await wholly(page, () => picture(page, `${name}-large-${language}`, 'field'))
      await switchLanguage()
    }
  }
  await page.setViewportSize(phoneSize)
  await page.reload()
  const size = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)
  expect(size, 'it is remembered').toBe('24px')
  await go(page, '#/settings')
  await page.getByTestId('letters-100').click()
}

/** Headquarters orders the phone to wipe itself. */
async function leavingScreens(office: Office): Promise<void> {
  await go(page, '#/sync')
  const device = await page.getByTestId('device-id').innerText()
  for (const order of ['wipe', 'revocation']) await office.post(`/devices/${device}/${order}`)
  await page
    .getByTestId('sync-now')
    .click({ timeout: 5_000 })
    .catch(() => undefined)
  await page.getByTestId('leaving-left').waitFor({ timeout: 60_000 })
  await look('leaving-left')
}
