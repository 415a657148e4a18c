/** What a reviewer at headquarters does. */
import type { Locator, Page } from 'playwright-core'

import { picture } from './browser'
import type { Ready } from './server'

export const deskSize = { width: 1440, height: 900 }

export async function signIn(page: Page, ready: Ready): Promise<void> {
  await page.getByTestId('hq-login').fill(ready.hq_login)
  await page.getByTestId('hq-password').fill(ready.hq_password)
  await page.getByTestId('hq-submit').click()
  await page.getByTestId('nav-findings').waitFor()
}

/** Downloads the report of the findings that the table shows. */
export async function downloadReport(page: Page): Promise<string> {
  const download = page.waitForEvent('download')
  await page.getByTestId('report-download').click()
  const file = await (await download).path()
  return file
}

/** Makes an enrolment code for a colleague of the demo's first inspector. */
export async function codeForColleague(ready: Ready): Promise<string> {
  const origin = new URL(ready.hq).origin
  const login = await fetch(`${origin}/api/hq/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ login: ready.hq_login, password: ready.hq_password }),
  })
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const base = `${origin}/api/hq/campaigns/${ready.campaign_id}`
  const people = (await (
    await fetch(`${base}/inspectors`, { headers: { cookie } })
  ).json()) as readonly { id: string; team: string; role: string }[]
  const first = people.find((one) => one.role === 'leader')
  const colleague = people.find((one) => one.team === first?.team && one.role !== 'leader')
  const made = await fetch(`${base}/enrolments`, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/json' },
    body: JSON.stringify({ inspector_id: colleague?.id }),
  })
  return ((await made.json()) as { code: string }).code
}

/** What a click downloads: its name, and where it lies. */
export async function downloadOf(
  page: Page,
  button: Locator,
): Promise<{ readonly name: string; readonly file: string }> {
  const waiting = page.waitForEvent('download')
  await button.click()
  const download = await waiting
  return { name: download.suggestedFilename(), file: await download.path() }
}

/** Keeps a picture of all of a page. */
export async function wholePicture(page: Page, name: string): Promise<void> {
  await wholly(page, () => picture(page, name))
}

/** Does something as if the window were as high as the page, with nothing under its edges. */
export async function wholly(page: Page, work: () => Promise<void>): Promise<void> {
  const size = page.viewportSize() ?? deskSize
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width: size.width, height: Math.max(size.height, height) })
  await work()
  await page.setViewportSize(size)
}
