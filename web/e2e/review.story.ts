/**
 * A reviewer's day: findings arrive while the dashboard is open, a hundred of them are reviewed
 * by keyboard, conflicts are settled one after another and one is taken back, a stray entry is
 * let in, and what several findings have in common is named.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { phoneSize } from './field'
import { deskSize, signIn, wholePicture } from './hq'
import { Office } from './office'
import { Server, type Ready } from './server'

const root = resolve(import.meta.dirname, '../..')
const findings = 110
const conflicts = 10
/** How many are decided about one by one; the rest at once. */
const byKeys = 100

let server: Server
let ready: Ready
let office: Office
const desk = new Profile(deskSize)
const folder = mkdtempSync(join(tmpdir(), 'sansuiji-crew-'))

interface Person {
  readonly id: string
  readonly name: string
  readonly team: string
  readonly role: string
}

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
  office = await Office.signIn(ready)
})

afterAll(async () => {
  await desk.remove()
  await server.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs phones without screens. */
async function crew(...args: readonly string[]): Promise<void> {
  const origin = new URL(ready.hq).origin
  const program = process.env['CREW']
  const command = program ? [program] : ['go', 'run', './web/e2e/crew']
  const [name = '', ...first] = command
  await promisify(execFile)(name, [...first, '--server', origin, '--folder', folder, ...args], {
    cwd: root,
  })
}

/** Two colleagues of a team, and the leader of another. */
async function people(): Promise<readonly [Person, Person, Person]> {
  const all = await office.get<readonly Person[]>('/inspectors')
  const first = all.find((one) => one.role === 'leader')
  const colleague = all.find((one) => one.team === first?.team && one.role !== 'leader')
  const stranger = all.find((one) => one.role === 'leader' && one.team !== first?.team)
  if (!first || !colleague || !stranger) throw new Error('the demo lacks people')
  return [first, colleague, stranger]
}

async function codeOf({ id }: Person): Promise<string> {
  return (await office.post<{ code: string }>('/enrolments', { inspector_id: id })).code
}

const figure = (page: Page, name: string) => page.getByTestId(`figure-${name}`).locator('strong')

test('a reviewer works through a day', async () => {
  onTestFailed(async () => {
    if (desk.page) await picture(desk.page, 'failed-review').catch(() => undefined)
    process.stderr.write(`${desk.complaints.join('\n')}\n`)
  })
  const team = await people()
  const codes = JSON.stringify(await Promise.all(team.map(codeOf)))
  await crew('--codes', codes, '--findings', String(findings), '--conflicts', String(conflicts))
  const page = await desk.open(ready.hq)
  await signIn(page, ready)

  await dashboardMoves(page)
  await reviewByKeyboard(page)
  await settleConflicts(page)
  await letStrayIn(page, team)
  await concludeTogether(page)
  await lookEverywhere(page)

  expect(desk.complaints).toEqual([])
  expect(await server.stop()).toBe(0)
  expect(server.fsck()).toMatchObject({ code: 0 })
})

/** A finding that a phone sends shows without a reload, and soon. */
async function dashboardMoves(page: Page): Promise<void> {
  await page.getByTestId('unit-map').waitFor()
  await expect.poll(async () => page.getByTestId('live').getAttribute('data-state')).toBe('live')
  expect(await figure(page, 'findings').innerText()).toBe(String(findings))
  await page.locator('figure svg').first().waitFor()
  await crew('--more')
  await expect
    .poll(async () => figure(page, 'findings').innerText(), { timeout: 8_000 })
    .toBe(String(findings + 1))
  await wholePicture(page, 'hq-dashboard')
}

/** All are decided about by keys: most accepted, some returned with a note, one taken back. */
async function reviewByKeyboard(page: Page): Promise<void> {
  await page.getByTestId('figure-pending').click()
  await page.getByTestId('finding-row').first().waitFor()
  await page.getByTestId('filter-search').fill('公示欄 明細')
  await page.waitForURL(/q=/)
  await page.getByTestId('finding-row').first().waitFor()
  await page.keyboard.press('Escape')
  await page.locator('h1').click()
  await page.keyboard.press('j')
  await page.getByTestId('finding-panel').getByTestId('finding-history-item').first().waitFor()
  await page.keyboard.press('u')
  await page.getByTestId('unit-context').locator('h3').first().waitFor()
  await picture(page, 'hq-review-lists')
  await page.keyboard.press('u')
  for (let n = 0; n < byKeys; n++) await decide(page, n)
  await picture(page, 'hq-review-keyboard')
  await page.keyboard.press('z')
  await page.getByTestId('undo').waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await allAtOnce(page)
}

async function decide(page: Page, n: number): Promise<void> {
  const panel = page.getByTestId('finding-panel')
  const accept = panel.getByTestId('finding-accept')
  await accept.waitFor()
  const before = page.url()
  if (n % 5 === 4) {
    await panel.getByTestId('finding-note').fill('請補充照片')
    await page.keyboard.press('Control+Enter')
  } else {
    await page.keyboard.press('a')
  }
  await page.waitForURL((url) => url.href !== before)
}

/** What is left is decided about a page at a time, with one note. */
async function allAtOnce(page: Page): Promise<void> {
  for (let round = 0; round < 4; round++) {
    if ((await page.getByTestId('finding-row').count()) === 0) break
    const first = await page.getByTestId('finding-row').first().getAttribute('data-finding')
    await page.getByTestId('choose-page').check()
    if (round === 0) await picture(page, 'hq-review-bulk')
    await page.getByTestId('bulk-note').fill('已核對')
    await page.getByTestId('bulk-accept').click()
    await page.locator(`[data-finding="${String(first)}"]`).waitFor({ state: 'detached' })
  }
  const pending = await office.get<{ total: number }>('/findings?review=pending&status=submitted')
  expect(pending.total).toBe(0)
}

/** Each by one key; the last decision is taken back and made anew. */
async function settleConflicts(page: Page): Promise<void> {
  await page.getByTestId('nav-conflicts').click()
  const items = page.getByTestId('conflict-item')
  await items.first().waitFor()
  expect(await page.evaluate(() => window.scrollY), 'the page opens at its heading').toBe(0)
  expect(await items.count()).toBe(conflicts)
  await picture(page, 'hq-conflicts')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  for (let left = conflicts; left > 0; left--) {
    expect(await items.count()).toBe(left)
    await page.keyboard.press(left % 2 ? 'a' : 'b')
    await expect.poll(async () => items.count()).toBe(left - 1)
  }
  await page.keyboard.press('z')
  await expect.poll(async () => items.count()).toBe(1)
  await picture(page, 'hq-conflict-reopened')
  await items.first().getByTestId('conflict-keep-0').click()
  await items.first().getByTestId('conflict-submit').click()
  await items.first().waitFor({ state: 'detached' })
}

/** What a stranger to the team wrote is let in once the person is one of the team. */
async function letStrayIn(page: Page, [first, , stranger]: readonly Person[]): Promise<void> {
  await page.getByTestId('nav-quarantine').click()
  const item = page.getByTestId('quarantine-item')
  await item.waitFor()
  await wholePicture(page, 'hq-quarantine-acts')
  const teams = await office.get<{ teams: readonly { name: string; number: number }[] }>('')
  const team = teams.teams.find((one) => one.name === first?.team)
  const table = `組號,核查組名稱,姓名\n${String(team?.number)},${String(team?.name)},${String(stranger?.name)}\n`
  await office.post('/import/people', {
    name: 'people.csv',
    file: Buffer.from(table).toString('base64'),
  })
  await item.getByTestId('quarantine-release').click()
  await item.waitFor({ state: 'detached' })
}

/** Several findings make one common problem. */
async function concludeTogether(page: Page): Promise<void> {
  await page.getByTestId('nav-findings').click()
  await page.getByTestId('choose-row').nth(3).waitFor()
  for (const n of [0, 1, 2, 3]) await page.getByTestId('choose-row').nth(n).check()
  await page.getByTestId('bulk-gather').click()
  await page.getByTestId('conclusion-title').fill('村務公開不及時、不完整')
  await page.getByTestId('conclusion-basis').fill('村務公開條例')
  await picture(page, 'hq-conclude')
  await page.getByTestId('conclusion-save').click()
  await page.getByTestId('conclusion-save').waitFor({ state: 'detached' })
  await page.getByTestId('nav-conclusions').click()
  const item = page.getByTestId('conclusion-item')
  await item.waitFor()
  await item.getByTestId('conclusion-findings').click()
  await expect.poll(async () => item.locator('li').count()).toBe(4)
  await picture(page, 'hq-conclusions')
}

/** Nothing is wider than a phone, in either language. */
async function lookEverywhere(page: Page): Promise<void> {
  for (const language of ['zh', 'en']) {
    for (const name of ['overview', 'findings', 'conclusions', 'conflicts', 'quarantine']) {
      await page.setViewportSize(deskSize)
      await page.getByTestId(`nav-${name}`).click()
      await page.locator('h1').waitFor()
      if (language === 'en') await picture(page, `hq-day-${name}-en-1440`)
      await page.setViewportSize(phoneSize)
      await page.waitForTimeout(250)
      await picture(page, `hq-day-${name}-${language}-390`)
      const spare = await page.evaluate(() => innerWidth - document.documentElement.scrollWidth)
      expect(spare, `${name} is wider than the window`).toBeGreaterThanOrEqual(0)
    }
    await page.setViewportSize(deskSize)
    await page.getByTestId('lang-switch').first().click()
  }
}
