/**
 * Headquarters' screens in both languages, on a phone and on a desk: nothing is wider than
 * the window, nothing complains, and a picture of each is kept to look at.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { enrol, openFindings, phoneSize, recordFinding, sync } from './field'
import { deskSize, signIn } from './hq'
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

async function deskScreens(page: Page, language: string): Promise<void> {
  for (const name of ['overview', 'findings', 'conflicts', 'quarantine', 'draws', 'devices']) {
    await page.setViewportSize(deskSize)
    await page.getByTestId(`nav-${name}`).click()
    await lookAtBothSizes(page, `hq-${name}-${language}`)
  }
  await page.setViewportSize(deskSize)
}
