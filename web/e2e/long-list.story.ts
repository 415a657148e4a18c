/**
 * Two hundred problems are verified at one unit with one hand: the list stays where it was, one
 * problem leads to the next, and nobody leaves, or discards, without being asked.
 */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { barriers } from './axe'
import { picture, Profile } from './browser'
import { enrol, go, home, phoneSize, recordFinding, sync, teamOf } from './field'
import { Office } from './office'
import { Server, type Ready } from './server'
import { arrive, verify, visitOf } from './visiting'

const imported = 200
const places = ['村委會', '衛生室', '文化廣場', '幸福院']

let server: Server
let ready: Ready
let page: Page
const phone = new Profile(phoneSize)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await phone.remove()
  await server.remove()
})

test('two hundred problems are verified one after another', async () => {
  onTestFailed(async () => {
    await picture(page, 'failed-long-list').catch(() => undefined)
    process.stderr.write(`${phone.complaints.join('\n')}\n`)
  })
  page = await phone.open(ready.field)
  await enrol(page, ready.enrolment_code)
  const office = await Office.signIn(ready)
  await listProblems(office)
  await home(page)
  await page.getByTestId('visit-item').first().click()
  const visit = await visitOf(page)
  await arrive(page)
  await page.getByTestId('visit-leave').waitFor()

  await staysInPlace()
  await leadsOn()
  await showsWhatIsOpen()
  await isSignedAfterReading()
  await asksBeforeLeaving()
  await asksBeforeDiscarding()
  await tellsWhatCameBack(office, visit)
  expect(phone.complaints).toEqual([])
})

async function listProblems(office: Office): Promise<void> {
  const [unit] = await office.unitsOf(await teamOf(page))
  const lines = Array.from({ length: imported }, (_, i) => {
    const place = places[i % places.length] ?? ''
    return `${unit ?? ''},${String(i + 101)},${place}第${String(i + 101)}處公開欄空白,上級點,一般`
  })
  await office.importTable('problems', ['單位代碼,序號,問題,來源,程度', ...lines].join('\n'))
  await sync(page)
}

function problem(number: number): Locator {
  return page.getByTestId('problem-item').filter({ hasText: `第${String(number)}處` })
}

/** Whether all of it is between the bar with the tabs and the buttons. */
async function inSight(one: Locator): Promise<boolean> {
  const box = await one.boundingBox()
  return box !== null && box.y > 80 && box.y + box.height < phoneSize.height - 60
}

async function staysInPlace(): Promise<void> {
  await verify(page, problem(200), 'partly')
  await expect.poll(() => inSight(problem(200)), { message: 'back where it was saved' }).toBe(true)
  await problem(250).click()
  await page.getByTestId('verify-save').waitFor()
  await page.goBack()
  await expect.poll(() => inSight(problem(250)), { message: 'back where it was opened' }).toBe(true)
  await page.getByRole('tab', { name: '題目' }).click()
  const tabs = page.getByRole('tablist')
  await expect.poll(() => inSight(page.getByTestId('answer-item').first())).toBe(true)
  expect((await tabs.boundingBox())?.y, 'the tabs stay at hand').toBeLessThan(60)
  await page.getByRole('tab', { name: '問題' }).click()
}

async function leadsOn(): Promise<void> {
  await problem(101).click()
  for (const number of [101, 102]) {
    await page
      .getByTestId('verify-subject')
      .getByText(`${String(number)}.`)
      .waitFor()
    await page.getByTestId('verify-outcome-rectified').click()
    await page.getByTestId('verify-next').click()
  }
  await page
    .getByTestId('verify-done')
    .getByText(/已查驗 3\/20\d/)
    .waitFor()
  await picture(page, 'long-list-next')
  await page.getByTestId('back').click()
  await expect.poll(() => inSight(problem(103)), { message: 'back at the last one' }).toBe(true)
}

async function showsWhatIsOpen(): Promise<void> {
  const find = page.getByTestId('problem-find')
  await page.getByTestId('problem-only-open').click()
  await find.fill('衛生室 102')
  await page.getByText('沒有符合的條目').waitFor()
  await find.fill('卫生室 106') // simplified, as many keyboards write
  await problem(106).waitFor()
  await find.fill('106')
  await problem(106).click()
  await page.getByTestId('verify-save').waitFor()
  await page.goBack()
  await problem(106).waitFor()
  expect(await page.getByTestId('problem-item').count(), 'what was looked for').toBe(1)
  await picture(page, 'long-list-find')
  await find.fill('')
  await page.getByTestId('problem-only-open').click()
}

/** Two hundred lines are counted, what differs is read at once, the rest when it is unfolded. */
async function isSignedAfterReading(): Promise<void> {
  await page.getByTestId('signoff-card').click()
  const summary = page.getByTestId('signoff-summary')
  await summary.getByText(/^200\. .*部分整改$/).waitFor()
  const last = summary.getByText(/^300\. /)
  expect(await last.isVisible()).toBe(false)
  expect((await summary.boundingBox())?.height).toBeLessThan(3 * phoneSize.height)
  await picture(page, 'long-list-signoff')
  await page.getByTestId('signoff-unfold').click()
  expect(await last.isVisible()).toBe(true)
  expect(await barriers(page)).toEqual([])
  await page.getByTestId('back').click()
}

async function asksBeforeLeaving(): Promise<void> {
  const dialog = page.locator('.van-dialog')
  await page.getByTestId('visit-leave').click()
  await dialog.waitFor()
  await page.goBack() // closes the question, and no more
  await dialog.waitFor({ state: 'hidden' })
  await page.getByTestId('visit-leave').click()
  await dialog.getByText(/還有 \d+ 條問題未查驗/).waitFor()
  await page.waitForTimeout(400) // it fades in
  await picture(page, 'long-list-leave')
  await dialog.getByText('去答題').click()
  await expect.poll(() => inSight(page.getByTestId('answer-item').first())).toBe(true)
}

async function asksBeforeDiscarding(): Promise<void> {
  await page.getByTestId('finding-new').click()
  const title = page.getByTestId('finding-title')
  await page.getByTestId('finding-submit').click()
  await page.getByText('請填寫標題').waitFor()
  await title.fill('路燈不亮')
  await page.getByText('請填寫標題').waitFor({ state: 'detached' })
  await page.getByTestId('finding-problem').click()
  const sheet = page.getByTestId('finding-problem-none')
  await sheet.waitFor()
  await page.goBack()
  await sheet.waitFor({ state: 'hidden' })
  expect(await title.inputValue(), 'back closes the sheet, and no more').toBe('路燈不亮')
  await page.getByTestId('back').click()
  await page.getByTestId('finding-new').click()
  await page.getByTestId('form-discard').click()
  await page.locator('.van-dialog__cancel').click()
  expect(await title.inputValue()).toBe('路燈不亮')
  await page.getByTestId('form-discard').click()
  await page.locator('.van-dialog__confirm').click()
  await expect.poll(() => title.inputValue()).toBe('')
}

async function tellsWhatCameBack(office: Office, visit: string): Promise<void> {
  await go(page, `${visit}?tab=findings`)
  await recordFinding(page, { title: '滅火器過期', detail: '十二具', severity: 'serious' })
  await sync(page)
  const { findings } = await office.get<{ findings: readonly { id: string }[] }>('/findings')
  const finding = findings[0]?.id ?? ''
  const { read_at } = await office.get<{ read_at: number }>(`/findings/${finding}`)
  const items = [{ finding, decision: 'returned', note: '請補拍標籤' }]
  await office.post('/findings/review', { items, read_at })
  await sync(page)
  await home(page)
  await page.getByTestId('came-back').getByText('總部退回 1 條').waitFor()
  await picture(page, 'long-list-came-back')
  await page.getByTestId('came-back').click()
  await page.getByTestId('sync-returned-link').waitFor()
}
