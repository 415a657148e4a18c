/**
 * The whole way once: findings saved offline on two phones, through reloads and a
 * killed browser, reach headquarters, a conflict is resolved, both phones show
 * the same, and the report holds everything.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import {
  changeSeverity,
  enrol,
  go,
  home,
  openFindings,
  phoneSize,
  recordFinding,
  sync,
} from './field'
import { codeForColleague, deskSize, downloadReport, signIn } from './hq'
import { readWorkbook, Server, type Ready } from './server'
import { typedIsKept } from './visiting'

const shared = '公示欄收支明細停在上半年'
const titles = Array.from({ length: 20 }, (_, n) => `離線記錄的發現之${String(n + 1)}`)

let server: Server
let ready: Ready
const first = new Profile(phoneSize)
const second = new Profile(phoneSize)
const desk = new Profile(deskSize)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await Promise.all([first.remove(), second.remove(), desk.remove()])
  await server.remove()
})

test('a finding saved offline reaches headquarters and comes out in the report', async () => {
  onTestFailed(async () => {
    for (const [name, { page, complaints }] of Object.entries({ first, second, desk })) {
      if (page) await picture(page, `failed-${name}`).catch(() => undefined)
      process.stderr.write(`${name}: ${complaints.join('\n')}\n`)
    }
  })
  let a = await first.open(ready.field)
  await enrol(a, ready.enrolment_code)
  await picture(a, 'field-visits')
  await openFindings(a)
  await recordFinding(a, { title: shared, detail: '最近一次公示為六月。', severity: 'minor' })
  await sync(a)

  const b = await second.open(ready.field)
  await enrol(b, await codeForColleague(ready))
  await openFindings(b)
  await b.getByTestId('finding-item').filter({ hasText: shared }).waitFor()

  expect(await server.stop(), 'the program stops cleanly').toBe(0)
  a = await recordOffline(a)
  await openFindings(b)
  await changeSeverity(b, shared, 'critical')

  ready = await server.start()
  await sync(a)
  await picture(a, 'field-synced')
  await sync(b)
  await atHeadquarters()

  for (const page of [a, b]) {
    await sync(page)
    await openFindings(page)
    const item = page.getByTestId('finding-item').filter({ hasText: shared })
    await expect.poll(async () => item.innerText()).toContain('較重')
  }
  await picture(b, 'field-agreed')

  expect([...first.complaints, ...second.complaints, ...desk.complaints]).toEqual([])
  expect(await server.stop()).toBe(0)
  const checked = server.fsck()
  process.stdout.write(checked.text)
  expect(checked.text).toMatch(/\d+ entries replayed.*: clean/)
  expect(checked.code).toBe(0)
})

/** Twenty findings with no server, one reload and one killed browser between. */
async function recordOffline(page: Page): Promise<Page> {
  await page.reload()
  await openFindings(page)
  await changeSeverity(page, shared, 'serious')
  for (const [n, title] of titles.entries()) {
    if (n === 7) await page.reload()
    if (n === 14) page = await killAndReopen(page)
    if (n === 0 || n === 7 || n === 14) await openFindings(page)
    await recordFinding(page, { title, detail: `現場所見第${String(n)}項`, severity: 'moderate' })
  }
  await picture(page, 'field-offline-findings')
  await go(page, '#/sync')
  await expect
    .poll(async () => page.getByTestId('sync-status').innerText())
    .toContain('存於本機 21 條')
  await picture(page, 'field-waiting')
  return page
}

/** Kills the browser in the middle of typing; what was typed is still there. */
async function killAndReopen(page: Page): Promise<Page> {
  await page.getByTestId('finding-new').click()
  await page.getByTestId('finding-title').fill('打了一半的標題')
  await typedIsKept(page)
  await first.kill()
  const again = await first.open(ready.field)
  await openFindings(again)
  await again.getByTestId('finding-new').click()
  await expect
    .poll(async () => again.getByTestId('finding-title').inputValue())
    .toBe('打了一半的標題')
  await again.getByTestId('form-discard').click()
  await again.locator('.van-dialog__confirm').click()
  await home(again)
  return again
}

/** The reviewer sees all, resolves the conflict and downloads the report. */
async function atHeadquarters(): Promise<void> {
  const page = await desk.open(ready.hq)
  await signIn(page, ready)
  await page.getByTestId('nav-conflicts').click()
  const conflict = page.getByTestId('conflict-item')
  await conflict.waitFor()
  expect(await conflict.count()).toBe(1)
  await picture(page, 'hq-conflict')
  // Earlier first: the first phone wrote "serious" before the second wrote "critical".
  await conflict.getByTestId('conflict-keep-0').click()
  await conflict.getByTestId('conflict-submit').click()
  await conflict.waitFor({ state: 'detached' })

  await page.getByTestId('nav-findings').click()
  await page.getByTestId('finding-row').first().waitFor()
  expect(await page.getByTestId('finding-row').count()).toBe(titles.length + 1)
  await picture(page, 'hq-findings')
  await page.getByTestId('finding-row').filter({ hasText: shared }).click()
  await page.getByTestId('finding-history-item').first().waitFor()
  await picture(page, 'hq-finding')
  await page.getByTestId('finding-accept').click()
  await page.keyboard.press('Escape')

  const sheets = readWorkbook(await downloadReport(page))
  const rows = sheets['發現'] ?? []
  for (const title of [...titles, shared]) {
    expect(rows.filter((row) => row.includes(title))).toHaveLength(1)
  }
  expect(rows.find((row) => row.includes(shared))).toContain('較重')
}
