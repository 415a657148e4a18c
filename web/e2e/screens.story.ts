/**
 * Headquarters' screens in both languages, on a phone and on a desk: nothing is wider than
 * the window, nothing keeps people from using it, nothing complains, and a picture of each is
 * kept to look at.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { barriers } from './axe'
import { picture, Profile } from './browser'
import { enrol, openFindings, phoneSize, recordFinding, sync } from './field'
import { deskSize, signIn, wholly } from './hq'
import { Server, type Ready } from './server'

let server: Server
let ready: Ready
const profile = new Profile(phoneSize)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await profile.remove()
  await server.remove()
})

/** Pictures a screen in the language and size that are on, and wants it to fit. */
async function look(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(400) // pop-ups and transitions
  await picture(page, name)
  const spare = await page.evaluate(() => window.innerWidth - document.documentElement.scrollWidth)
  expect(spare, `${name} is wider than the window`).toBeGreaterThanOrEqual(0)
}

async function lookAtBothSizes(page: Page, name: string): Promise<void> {
  for (const [size, label] of [
    [phoneSize, '390'],
    [deskSize, '1440'],
  ] as const) {
    await page.setViewportSize(size)
    await look(page, `${name}-${label}`)
  }
}

test('the screens fit and stay quiet in both languages', async () => {
  onTestFailed(async () => {
    if (profile.page) await picture(profile.page, 'failed-screens').catch(() => undefined)
  })
  const page = await profile.open(ready.field)
  await enrol(page, ready.enrolment_code)
  await openFindings(page)
  await recordFinding(page, {
    title: '活動室常年上鎖',
    detail: '鑰匙在外村。',
    severity: 'serious',
  })
  await sync(page)

  await page.setViewportSize(deskSize)
  await page.goto(ready.hq)
  await page.getByTestId('hq-login').waitFor()
  await lookAtBothSizes(page, 'hq-login-zh')
  await page.setViewportSize(deskSize)
  await signIn(page, ready)
  for (const language of ['zh', 'en']) {
    await deskScreens(page, language)
    await page.getByTestId('lang-switch').first().click()
  }
  expect(profile.complaints).toEqual([])
})

/** The console's menu, all of it. */
const desks = [
  ...['overview', 'findings', 'conclusions', 'reports', 'conflicts', 'quarantine', 'attachments'],
  ...['visits', 'draws', 'sites', 'desk', 'devices', 'ledger', 'scores', 'ballots', 'setup'],
  ...['questions', 'people', 'sealed', 'audit', 'links'],
]

/** Barriers of all screens are told at once. */
async function deskScreens(page: Page, language: string): Promise<void> {
  const found: string[] = []
  for (const name of desks) {
    await page.setViewportSize(deskSize)
    await page.getByTestId(`nav-${name}`).click()
    await lookAtBothSizes(page, `hq-${name}-${language}`)
    await page.setViewportSize(deskSize)
    await wholly(page, async () => {
      for (const barrier of await barriers(page)) found.push(`${name}-${language}: ${barrier}`)
    })
  }
  expect(found).toEqual([])
}
