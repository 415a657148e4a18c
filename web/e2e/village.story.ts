/**
 * People are drawn in a village without network: typed from the register, the roster's
 * code told to the duty desk by voice, the site opened, people asked in the order of the
 * draw, through a killed browser. What comes home is verified by the command line and by
 * the verifier that is a file.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { enrol, home, phoneSize, sync } from './field'
import { codeForColleague } from './hq'
import { Office, type Site } from './office'
import { Server, type Ready } from './server'
import { verifyInFile } from './verifier'

const program = resolve(import.meta.dirname, '../../build/sansuiji')
const files = mkdtempSync(join(tmpdir(), 'sansuiji-village-'))
const ask = 3

let server: Server
let ready: Ready
const [first, second] = [new Profile(phoneSize), new Profile(phoneSize)]

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await first.remove()
  await second.remove()
  await server.remove()
  rmSync(files, { recursive: true, force: true })
})

test('a village is drawn without network, and whoever has the files can verify it', async () => {
  onTestFailed(async () => {
    if (first.page) await picture(first.page, 'village-failed').catch(() => undefined)
    process.stderr.write(`${first.complaints.join('\n')}\n`)
  })
  const office = await Office.signIn(ready)
  const draw = await office.drawSites(ask, ['desk', 'envelope'])
  let page = await first.open(ready.field)
  await enrol(page, ready.enrolment_code)
  await goOffline(page)
  const unit = await openPeople(page)
  await copyRegister(page)
  const code = await tellCode(page)

  const { site, unlock } = await callDesk(office, unit, code)
  await openSite(page, unlock)
  const order = await askFirst(page)

  await first.kill()
  page = await first.open(ready.field)
  await home(page)
  await openPeople(page)
  await askRest(page, order)
  await sync(page)
  await picture(page, 'village-done')

  await officeSees(office, site, draw)
  await secondPhone(order)
  expect([...first.complaints, ...second.complaints]).toEqual([])
})

/** Takes the phone's network away; headquarters goes on. */
async function goOffline(page: Page): Promise<void> {
  await sync(page)
  await page.context().setOffline(true)
}

/** Opens the people of the first visit, and gives its unit's name. */
async function openPeople(page: Page): Promise<string> {
  await home(page)
  await page.getByTestId('visit-item').first().click()
  const unit = await page.getByTestId('visit-unit').innerText()
  await page.getByTestId('people-card').click()
  return unit
}

/** Types the first people as they stand in the register, and pastes the rest. */
async function copyRegister(page: Page): Promise<void> {
  const size = page.getByTestId('roster-official')
  await size.fill('十六')
  await size.press('Tab')
  await page.getByText('現在的內容沒有保存').waitFor()
  expect(await size.inputValue(), 'what was typed stays').toBe('十六')
  await size.fill('16')
  await page.getByTestId('roster-key').fill('3-10')
  for (const name of ['張三', '李四', '王五']) {
    await page.getByTestId('roster-name').fill(name)
    await page.keyboard.press('Enter')
    await expect.poll(async () => page.getByTestId('roster-name').inputValue()).toBe('')
  }
  expect(await page.getByTestId('roster-key').inputValue()).toBe('3-13')
  await picture(page, 'village-roster')
  await page.getByTestId('roster-paste').click()
  const lines = Array.from({ length: 12 }, (_, i) => `4-${String(i + 1)}\t村民${String(i + 1)}`)
  await page.getByTestId('paste-text').fill(lines.join('\n'))
  await page.getByTestId('paste-add').click() // all is read: back to the roster
  await expect.poll(async () => page.getByTestId('roster-person').count()).toBe(15)
}

async function tellCode(page: Page): Promise<string> {
  await page.getByTestId('roster-tell').click()
  await page.locator('.van-dialog__confirm').click()
  const shown = page.getByTestId('roster-code')
  await shown.waitFor()
  await picture(page, 'village-code')
  return (await shown.getAttribute('aria-label')) ?? ''
}

/** What the duty desk does when the team rings up: it finds the site and books the code. */
async function callDesk(
  office: Office,
  unit: string,
  code: string,
): Promise<{ readonly site: Site; readonly unlock: string }> {
  const site = (await office.get<readonly Site[]>('/sites')).find((one) => one.unit === unit)
  if (site === undefined) throw new Error(`no site of ${unit}`)
  const caller = '第一組組長'
  const told = await office.post<{ unlock: string }>(`/sites/${site.id}/tell`, { code, caller })
  return { site, unlock: told.unlock }
}

/** Opens the site; a slip in the code is found out first. */
async function openSite(page: Page, unlock: string): Promise<void> {
  const slipped = unlock.replace(/.$/, (letter) => (letter === '7' ? '8' : '7'))
  await page.getByTestId('open-code').fill(slipped)
  await page.getByTestId('open-submit').click()
  await page.getByTestId('failure').first().waitFor()
  await page.getByTestId('open-told-to').fill('值班員')
  await page.getByTestId('open-code').fill(unlock.toLowerCase().replaceAll('-', ' '))
  await page.getByTestId('open-submit').click()
  await page.getByTestId('person-item').first().waitFor()
}

/** Who may be asked now, in order. */
async function turns(page: Page): Promise<readonly string[]> {
  await page.getByTestId('person-item').first().waitFor()
  return page.getByTestId('person-item').allInnerTexts()
}

async function contact(page: Page, nth: number, result: string): Promise<void> {
  await page.getByTestId('person-item').nth(nth).click()
  await page.getByTestId(`contact-${result}`).click()
  await page.getByTestId('contact-save').click()
  await page.getByTestId('ask-sheet').waitFor({ state: 'hidden' })
}

/** One is interviewed and one refuses: the next in reserve comes into sight. */
async function askFirst(page: Page): Promise<readonly string[]> {
  const order = await turns(page)
  expect(order).toHaveLength(ask)
  await picture(page, 'village-ask')
  await contact(page, 0, 'completed')
  await expect.poll(async () => page.getByTestId('person-item').count()).toBe(ask - 1)
  await contact(page, 0, 'refusal')
  await expect.poll(async () => page.getByTestId('person-item').count()).toBe(ask - 1)
  return order
}

/** After the battery ran out: the same people are still to be asked. */
async function askRest(page: Page, order: readonly string[]): Promise<void> {
  const left = await turns(page)
  expect(left).toHaveLength(ask - 1)
  expect(left[0]).toBe(order[2])
  await contact(page, 0, 'completed')
  await expect.poll(async () => page.getByTestId('person-item').count()).toBe(1)
  await contact(page, 0, 'completed')
  await expect.poll(async () => page.getByTestId('people-done').innerText()).toContain('3')
}

async function officeSees(office: Office, { id }: Site, draw: string): Promise<void> {
  const site = (await office.get<readonly Site[]>('/sites')).find((one) => one.id === id)
  expect(site).toMatchObject({ state: 'done', done: ask, flags: [] })
  const [record, roster, certificate] = [
    await office.keep(`/sites/${id}/record.json`, files, 'record.json'),
    await office.keep(`/sites/${id}/roster.csv`, files, 'roster.csv'),
    await office.keep(`/draws/${draw}/certificate.json`, files, 'certificate.json'),
  ]
  const args = ['verify', 'site', record, '--certificate', certificate, '--roster', roster]
  const verified = spawnSync(program, args, { encoding: 'utf8' })
  expect(verified.stdout + verified.stderr).toContain('✓ 成立')
  expect(verified.status).toBe(0)
  if (first.page === undefined) throw new Error('no page is open')
  await verifyInFile(first.page, [record, roster, certificate])
}

/** A colleague's phone, which has only synced, has the same people in the same order. */
async function secondPhone(order: readonly string[]): Promise<void> {
  const page = await second.open(ready.field)
  await enrol(page, await codeForColleague(ready))
  await sync(page)
  await openPeople(page)
  await page.getByTestId('people-over').locator('summary').click()
  const over = (await page.getByTestId('person-over').allInnerTexts()).join('\n')
  for (const one of order) expect(over).toContain(one.split('\n')[0])
  await picture(page, 'village-second')
}
