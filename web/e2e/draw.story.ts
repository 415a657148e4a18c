/**
 * A draw from the plan to the visits: planned at headquarters, committed to, published,
 * diced, revealed and drawn in a browser, and verified by another program from the
 * files that headquarters gives out.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { deskSize, downloadOf, signIn, wholePicture } from './hq'
import { Server, type Ready } from './server'
import { verifyInFile } from './verifier'

const narrow = { width: 390, height: 844 }
const program = resolve(import.meta.dirname, '../../build/sansuiji')
const dice = ['0877247', '3296991', '8975400']

let server: Server
let ready: Ready
const desk = new Profile(deskSize)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await desk.remove()
  await server.remove()
})

async function keepFailure(): Promise<void> {
  if (desk.page) await picture(desk.page, 'draw-failed').catch(() => undefined)
  process.stderr.write(`${desk.complaints.join('\n')}\n`)
}

test('villages are drawn in public, and whoever has the files can verify it', async () => {
  onTestFailed(keepFailure)
  const page = await desk.open(ready.hq)
  await signIn(page, ready)
  const before = await visits(page)
  await page.getByTestId('nav-draws').click()
  await page.getByTestId('draw-new').click()
  await plan(page)
  const secrets = await commitAll(page, 1)
  await publish(page)
  await throwDice(page)
  await reveal(page, secrets)
  await draw(page)
  await verify(page)
  await inEnglish(page)
  await replaceOne(page)
  expect(await visits(page)).toBeGreaterThan(before)
  complainedOfNothing()
})

test('a draw can be void, its secrets typed in, and the next be sealed until departure', async () => {
  onTestFailed(keepFailure)
  const page = desk.page
  if (page === undefined) throw new Error('no page is open')
  await beginAgain(page, false)
  await voidIt(page, await upToDice(page, 2))

  await beginAgain(page, true)
  const secrets = await upToDice(page, 3)
  await page.getByTestId('dice-0-0').waitFor()
  await page.keyboard.type(dice.join(''))
  await page.getByTestId('dice-submit').click()
  const files = page.getByTestId('secret-files')
  await files.waitFor({ state: 'attached' })
  await files.setInputFiles([...secrets])
  await page.getByTestId('draw-run').click()
  await page.getByTestId('draw-unseal').waitFor()
  expect(await page.getByTestId('drawn-unit').count()).toBe(0)
  await wholePicture(page, 'draw-sealed')
  await page.getByTestId('draw-unseal').click()
  await page.getByTestId('show-all').click()
  await expect.poll(async () => page.getByTestId('drawn-unit').count()).toBe(22)
  await verify(page)
  complainedOfNothing()
})

/** Nothing but previews that were refused, as they should be. */
function complainedOfNothing(): void {
  const others = desk.complaints.filter((one) => !/422 .*draws\/preview/.test(one))
  expect(others).toEqual([])
}

/** The number of visits, as the overview has it. */
async function visits(page: Page): Promise<number> {
  await page.getByTestId('nav-overview').click()
  const figure = page.getByTestId('figure-visits').locator('strong')
  await figure.waitFor()
  await page.waitForLoadState('networkidle')
  return Number((await figure.innerText()).replaceAll(/\D/g, ''))
}

async function plan(page: Page): Promise<void> {
  await page.getByTestId('plan-category-village').check()
  await page.getByTestId('plan-n').fill('3')
  await page.getByTestId('plan-problem').waitFor()
  await picture(page, 'draw-plan-refused')
  await page.getByTestId('plan-n').fill('40')
  await page.getByTestId('plan-gap').fill('0.05')
  await page.getByTestId('plan-barred-T1-C01').check()
  await expect.poll(async () => page.getByTestId('plan-total').innerText()).toBe('40')
  await expect.poll(async () => page.getByTestId('plan-stratum').count()).toBe(11)
  await page.getByTestId('plan-feasible').waitFor()
  await wholePicture(page, 'draw-plan')
  await page.setViewportSize(narrow)
  await noSidewaysScroll(page)
  await wholePicture(page, 'draw-plan-narrow')
  await page.getByTestId('plan-stratify').selectOption('county-category')
  await page.getByTestId('plan-rule').selectOption('ratio')
  await page.getByText('縣 · 村').first().waitFor()
  await noSidewaysScroll(page)
  await page.getByTestId('plan-stratify').selectOption('county')
  await page.getByTestId('plan-rule').selectOption('webster')
  await page.getByTestId('plan-total').waitFor()
  await page.setViewportSize(deskSize)
  await page.getByTestId('plan-freeze').click()
  await page.getByTestId('commit-role').waitFor()
  await picture(page, 'draw-commit')
}

/** Commits for everybody, and gives the files with the secrets. */
async function commitAll(page: Page, number: number): Promise<readonly string[]> {
  return [await commitAs(page, 'hq', number), await commitAs(page, 'observer', number)]
}

/** Commits, and gives the file with the secret. */
async function commitAs(page: Page, role: string, number: number): Promise<string> {
  await expect.poll(async () => page.getByTestId('commit-role').inputValue()).toBe(role)
  const { name, file } = await downloadOf(page, page.getByTestId('commit-make'))
  expect(name).toMatch(new RegExp(`^密數-YT-\\d+-01-${number}-${role}\\.json$`))
  if (number === 1) await picture(page, `draw-commit-${role}`)
  await page.getByTestId('commit-submit').click()
  await page.getByTestId('commit-item').filter({ hasText: role }).waitFor()
  return file
}

async function publish(page: Page): Promise<void> {
  await page.getByTestId('plan-hash').waitFor()
  await page.getByTestId('publish-where-0').fill('雲汀市政務公示欄')
  await page.getByTestId('publish-evidence-0').fill('照片 sha256:21')
  await page.getByTestId('publish-add').click()
  await page.getByTestId('publish-where-1').fill('雲汀日報')
  await page.getByTestId('publish-evidence-1').fill('第 2 版')
  await wholePicture(page, 'draw-publish')
  await page.getByTestId('publish-submit').click()
}

async function throwDice(page: Page): Promise<void> {
  await page.getByTestId('dice-wait').waitFor()
  await picture(page, 'draw-dice-wait')
  await page.getByTestId('dice-0-0').waitFor()
  await page.keyboard.type(`x${dice.join('').slice(0, 10)}`)
  await wholePicture(page, 'draw-dice')
  await page.setViewportSize(narrow)
  await noSidewaysScroll(page)
  await wholePicture(page, 'draw-dice-narrow')
  await page.setViewportSize(deskSize)
  await page.keyboard.type(dice.join('').slice(10))
  for (const [person, digits] of dice.entries()) {
    for (const [at, digit] of Array.from(digits).entries()) {
      expect(await page.getByTestId(`dice-${person}-${at}`).inputValue()).toBe(digit)
    }
  }
  await page.getByTestId('dice-submit').click()
}

async function reveal(page: Page, secrets: readonly string[]): Promise<void> {
  const files = page.getByTestId('secret-files')
  await files.waitFor({ state: 'attached' })
  await files.setInputFiles(secrets[0] ?? '')
  const opened = page.getByTestId('reveal-item').filter({ hasText: '已揭開' })
  await expect.poll(async () => opened.count()).toBe(1)
  await wholePicture(page, 'draw-reveal')
  await files.setInputFiles(secrets[1] ?? '')
}

async function draw(page: Page): Promise<void> {
  await page.getByTestId('draw-run').waitFor()
  await wholePicture(page, 'draw-ready')
  await page.getByTestId('draw-run').click()
  await page.getByTestId('show-next').waitFor()
  await page.keyboard.press('Space')
  await page.keyboard.press('Space')
  await page.waitForTimeout(600) // the unit comes in
  await wholePicture(page, 'draw-show')
  await page.getByTestId('show-all').click()
  await expect.poll(async () => page.getByTestId('drawn-unit').count()).toBe(40)
  expect(await page.getByTestId('team-drawn').count()).toBe(5)
  expect(await page.getByTestId('route-map').count()).toBeGreaterThan(2)
  await wholePicture(page, 'draw-result')
}

async function verify(page: Page): Promise<void> {
  const file = async (name: string) =>
    (await downloadOf(page, page.getByTestId(`download-${name}`))).file
  const certificate = await file('certificate')
  const [frame, log] = [await file('frame'), await file('log')]
  const args = ['verify', certificate, '--frame', frame, '--log', log]
  const run = spawnSync(program, args, { encoding: 'utf8' })
  expect(run.status, run.stdout + run.stderr).toBe(0)
  await verifyInFile(page, [certificate, frame, log])
}

async function inEnglish(page: Page): Promise<void> {
  await page.getByTestId('lang-switch').click()
  await wholePicture(page, 'draw-result-en')
  await page.setViewportSize(narrow)
  await noSidewaysScroll(page)
  await wholePicture(page, 'draw-result-en-narrow')
  await page.getByTestId('lang-switch').click()
  await noSidewaysScroll(page)
  await wholePicture(page, 'draw-result-narrow')
  await page.setViewportSize(deskSize)
}

async function replaceOne(page: Page): Promise<void> {
  await page.getByTestId('replace-open').first().click()
  await page.getByTestId('replace-reason').selectOption('disaster')
  await page.getByTestId('replace-evidence').fill('照片 sha256:31')
  await page.getByTestId('replace-approver').fill('趙主任')
  await page.waitForTimeout(400) // the dialog opens
  await picture(page, 'draw-replace')
  await page.getByTestId('replace-submit').click()
  await expect.poll(async () => page.getByTestId('drawn-unit').count()).toBe(41)
  await page.getByTestId('drawn-unit').first().scrollIntoViewIfNeeded()
  await page.waitForTimeout(400) // the dialog closes
  await picture(page, 'draw-replaced')
  await page.getByTestId('nav-draws').click()
  await page.getByTestId('draw-item').first().waitFor()
  await picture(page, 'draw-list')
  await page.setViewportSize(narrow)
  await noSidewaysScroll(page)
  await picture(page, 'draw-list-narrow')
  await page.setViewportSize(deskSize)
}

/** Plans a smaller draw, of some purpose that was not drawn for yet. */
async function beginAgain(page: Page, sealed: boolean): Promise<void> {
  await page.getByTestId('nav-draws').click()
  await page.getByTestId('draw-new').click()
  if (!sealed) {
    await page.getByTestId('plan-twice').waitFor()
    await picture(page, 'draw-plan-twice')
  }
  await page.getByTestId('plan-purpose').fill('rural')
  await page.getByTestId('plan-category-village').check()
  await page.getByTestId('plan-n').fill('22')
  await page.getByTestId('plan-gap').fill('0')
  await page.getByTestId('plan-sealed').setChecked(sealed)
  await expect.poll(async () => page.getByTestId('plan-total').innerText()).toBe('22')
  await page.getByTestId('plan-freeze').click()
}

async function upToDice(page: Page, number: number): Promise<readonly string[]> {
  const secrets = await commitAll(page, number)
  await page.getByTestId('publish-where-0').fill('雲汀市政務公示欄')
  await page.getByTestId('publish-evidence-0').fill('照片 sha256:22')
  await page.getByTestId('publish-submit').click()
  await page.getByTestId('void-open').waitFor()
  return secrets
}

/** Voids before the dice: one secret from its file, the other typed in, first the wrong one. */
async function voidIt(page: Page, [first = '', second = '']: readonly string[]): Promise<void> {
  await page.getByTestId('void-open').click()
  await page.getByTestId('void-reason').fill('擲骰人未到齊')
  await page.getByTestId('secret-files').setInputFiles(first)
  await page.getByText('手工輸入').click()
  await page.getByTestId('secret-text').fill('ab'.repeat(32))
  await page.getByTestId('secret-open').click()
  await page.getByText('對不上').waitFor()
  await page.waitForTimeout(400) // the dialog opens
  await picture(page, 'draw-void')
  await page.setViewportSize(narrow)
  await noSidewaysScroll(page)
  await picture(page, 'draw-void-narrow')
  await page.setViewportSize(deskSize)
  const held = JSON.parse(readFileSync(second, 'utf8')) as { readonly secret: string }
  await page.getByTestId('secret-text').fill(held.secret.toUpperCase())
  await page.getByTestId('secret-open').click()
  await page.getByTestId('void-submit').click()
  await expect.poll(async () => page.getByTestId('draw-state').innerText()).toBe('已作廢')
  await page.waitForTimeout(400) // the dialog closes
  await wholePicture(page, 'draw-voided')
}

async function noSidewaysScroll(page: Page): Promise<void> {
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(wide, 'no scrolling to the side').toBe(0)
}
