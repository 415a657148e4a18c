/**
 * A campaign is prepared from nothing: begun, its key made in the browser, tables of offices
 * dropped in, questions put right, people let in with an authenticator, codes printed.
 */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { deskSize, downloadOf, signIn, wholePicture } from './hq'
import { Server, type Ready } from './server'

const tables = join(import.meta.dirname, '../../testdata/import/ugly')
let server: Server
let ready: Ready
const profile = new Profile(deskSize)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await profile.remove()
  await server.remove()
})

test('a campaign is prepared step by step', async () => {
  onTestFailed(async () => {
    if (profile.page) await picture(profile.page, 'failed-setup').catch(() => undefined)
  })
  const page = await profile.open(ready.hq)
  await signIn(page, ready)
  await begin(page)
  await sealKey(page)
  await importMistakes(page)
  for (const [file, kind, rows] of [
    ['units.xlsx', 'units', 7],
    ['problems-gb18030.csv', 'problems', 6],
    ['ledger-seven-dates.xlsx', 'ledger', 8],
    ['commitments-utf16.txt', 'commitments', 3],
    ['questions-bom.csv', 'questions', 6],
    ['people-merged.xlsx', 'people', 6],
  ] as const) {
    await importTable(page, { file, kind, rows })
  }
  await page.getByTestId('nav-setup').click()
  await page.getByTestId('setup-draws').getByText('下一步').waitFor()
  await wholePicture(page, 'hq-setup-done')
  await questions(page)
  await sheet(page)
  await teams(page)
  await letIn(page)
  expect(profile.complaints.filter((text) => !/\b(401|409|422)\b/.test(text))).toEqual([])
})

async function begin(page: Page): Promise<void> {
  await page.goto(`${ready.hq}#/campaigns`)
  await page.getByTestId('round-add').click()
  await page.getByTestId('round-submit').click()
  await page.getByText('請填名稱').waitFor()
  await page.getByTestId('round-name').fill('霽川市試點核查')
  await page.getByTestId('round-code').fill('2026-PILOT')
  await page.getByTestId('round-begins').fill('2026-11-25')
  await page.getByTestId('round-ends').fill('2026-12-31')
  await picture(page, 'hq-round-add')
  await page.getByTestId('round-submit').click()
  await page.getByTestId('setup-units').waitFor()
  expect(await page.getByTestId('setup-gap').count()).toBeGreaterThan(6)
  await wholePicture(page, 'hq-setup-empty')
}

async function sealKey(page: Page): Promise<void> {
  await page.getByTestId('setup-open-sealKey').click()
  await page.getByTestId('seal-keys').fill('AGE-SECRET-KEY-1ABC')
  await page.getByText('這裡是私鑰').waitFor()
  await page.getByTestId('seal-keys').fill('')
  const sent: string[] = []
  page.on('request', (request) => sent.push(request.postData() ?? ''))
  const { name, file } = await downloadOf(page, page.getByTestId('seal-make'))
  expect(name).toBe('訪談私鑰-2026-PILOT.txt')
  expect(readFileSync(file, 'utf8')).toMatch(/^AGE-SECRET-KEY-1[A-Z0-9]+$/m)
  expect(await page.getByTestId('seal-save').isDisabled()).toBe(true)
  await page.getByTestId('seal-kept').check()
  await picture(page, 'hq-seal-key')
  await page.getByTestId('seal-save').click()
  await page.getByTestId('seal-save').waitFor({ state: 'detached' })
  await page.getByText('還沒有訪談密封公鑰').waitFor({ state: 'detached' })
  expect(sent.join()).toContain('age1')
  expect(sent.join()).not.toContain('SECRET')
}

async function importMistakes(page: Page): Promise<void> {
  await page.getByTestId('setup-units').getByRole('link').click()
  await page.getByTestId('import-file').setInputFiles(join(tables, 'units-mistakes.csv'))
  await page.getByTestId('import-mistake').first().waitFor()
  expect(await page.getByTestId('import-mistake').count()).toBe(7)
  expect(await page.getByTestId('import-apply').isDisabled()).toBe(true)
  const { file } = await downloadOf(page, page.getByTestId('import-mistakes-download'))
  expect(readFileSync(file, 'utf8')).toContain('鄉村')
  await wholePicture(page, 'hq-import-mistakes')
}

interface Table {
  readonly file: string
  readonly kind: string
  readonly rows: number
}

async function importTable(page: Page, { file, kind, rows }: Table): Promise<void> {
  await page.getByTestId('import-kind').selectOption('auto')
  await page.getByTestId('import-file').setInputFiles(join(tables, file))
  await page.getByTestId('import-count-inserts').getByText(String(rows)).waitFor()
  await wholePicture(page, `hq-import-${kind}`)
  await page.getByTestId('import-apply').click()
  await page.getByTestId('import-done').waitFor()
  if (kind === 'people') return
  await page.getByTestId('import-next').click()
}

async function questions(page: Page): Promise<void> {
  await page.getByTestId('nav-questions').click()
  await page.getByTestId('question').first().waitFor()
  await page.getByTestId('question-add').click()
  await page.getByTestId('question-save').click()
  await page.getByText('請填題號').waitFor()
  await page.getByTestId('question-code').fill('C09')
  await page.getByTestId('question-kind').selectOption('choice')
  await page.getByTestId('question-text').fill('王堃提的問題：䶮山灌渠通水了嗎')
  await page.getByTestId('question-options').fill('已通水\n未通水')
  await picture(page, 'hq-question-add')
  await page.getByTestId('question-save').click()
  await page.getByTestId('question-save').waitFor({ state: 'detached' })
  const mine = page.getByTestId('question').filter({ hasText: 'C09' })
  await mine.getByTestId('question-up').click()
  const first = page.getByTestId('question-group').first().getByTestId('question')
  await expect.poll(() => first.nth(1).textContent()).toContain('C09')
  await mine.getByTestId('question-withdraw').click()
  await mine.waitFor({ state: 'detached' })
  await page.getByTestId('question-withdrawn').check()
  await mine.waitFor()
}

async function sheet(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.print = () => undefined
  })
  await page.getByTestId('nav-devices').click()
  await page.getByTestId('enrol-sheet').first().click()
  await page.getByTestId('sheet-make').click()
  await page.getByTestId('sheet-card').first().waitFor()
  expect(await page.getByTestId('sheet-card').count()).toBe(3)
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize({ width: 794, height: 1123 })
  await picture(page, 'hq-sheet-print')
  await page.emulateMedia({ media: 'screen' })
  await page.setViewportSize(deskSize)
}

/** Somebody new comes to the first team, and moves to the second as its leader. */
async function teams(page: Page): Promise<void> {
  await page.getByTestId('nav-devices').click()
  await page.getByTestId('place-add').click()
  await page.getByTestId('place-name').fill('林霽')
  await page.getByTestId('place-organisation').fill('某局')
  await page.getByTestId('place-team').selectOption({ index: 1 })
  await page.getByTestId('place-submit').click()
  const team = (nth: number) =>
    page
      .locator('section')
      .filter({ has: page.locator('h2') })
      .nth(nth)
  const her = team(0).getByTestId('enrol-inspector').filter({ hasText: '林霽' })
  await her.getByTestId('enrol-place').click()
  await page.getByTestId('place-team').selectOption({ index: 2 })
  await page.getByTestId('place-role').selectOption('leader')
  await page.getByTestId('place-consequences').waitFor()
  await picture(page, 'hq-place')
  await page.getByTestId('place-submit').click()
  const there = team(1).getByTestId('enrol-inspector').filter({ hasText: '林霽' })
  await there.getByText('組長').waitFor()
  await page.getByTestId('place-submit').waitFor({ state: 'detached' })
  await wholePicture(page, 'hq-devices-placed')
}

/** What an authenticator app shows (RFC 6238). */
function codeOf(secret: string, at: number): string {
  const bits = Array.from(secret.replaceAll(' ', ''), (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const bytes = (bits.join('').match(/.{8}/g) ?? []).map((text) => parseInt(text, 2))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', Buffer.from(bytes)).update(counter).digest()
  const from = (mac.at(-1) ?? 0) & 0xf
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

async function letIn(page: Page): Promise<void> {
  await page.getByTestId('nav-people').click()
  await page.getByTestId('account-add').click()
  await page.getByTestId('account-role-unit').check()
  await page.getByTestId('account-unit').fill('䶮山')
  await page.getByTestId('account-unit-found').first().click()
  await page.getByTestId('account-login').fill('yanshan')
  await picture(page, 'hq-account-add')
  await page.getByTestId('account-save').click()
  await page.getByTestId('account-shown').waitFor()
  await page.keyboard.press('Escape')
  await page.getByTestId('account').filter({ hasText: '䶮山村' }).waitFor()
  await page.getByTestId('account-shown').waitFor({ state: 'detached' })
  await wholePicture(page, 'hq-people')
  const secret = await authenticator(page)
  await page.goto(`${ready.hq}#/`)
  await page.getByTestId('account').first().click()
  await page.getByTestId('hq-logout').click()
  await page.getByTestId('hq-login').fill(ready.hq_login)
  await page.getByTestId('hq-password').fill(ready.hq_password)
  await page.getByTestId('hq-submit').click()
  await page.getByTestId('hq-code').waitFor()
  await picture(page, 'hq-login-code')
  await page.getByTestId('hq-code').fill(codeOf(secret, Date.now() + 30_000)) // the next: this one is used
  await page.getByTestId('hq-submit').click()
  await page.getByTestId('nav-findings').waitFor()
}

async function authenticator(page: Page): Promise<string> {
  await page.goto(`${ready.hq}#/me`)
  await page.getByTestId('factor-begin').click()
  await page.getByTestId('factor-password').fill(ready.hq_password)
  await page.getByTestId('factor-next').click()
  const secret = (await page.getByTestId('factor-secret').textContent()) ?? ''
  await page.getByTestId('factor-code').fill('000000')
  await page.getByTestId('factor-next').click()
  await page.getByText('動態碼不對').waitFor()
  await wholePicture(page, 'hq-own')
  await page.getByTestId('factor-code').fill(codeOf(secret, Date.now()))
  await page.getByTestId('factor-next').click()
  await page.getByTestId('recovery-code').first().waitFor()
  expect(await page.getByTestId('recovery-code').count()).toBe(10)
  await picture(page, 'hq-recovery-codes')
  await page.getByTestId('recovery-kept').click()
  await page.getByTestId('factor-remove').waitFor()
  return secret
}
