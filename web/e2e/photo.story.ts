/**
 * Photos on a bad line: three are taken with findings, the phone dies in the middle of
 * sending one, the program is stopped in the middle of another, and in the end
 * headquarters has the bytes that the phone kept.
 */
import { createHash } from 'node:crypto'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { enrol, go, home, openFindings, phoneSize, sync } from './field'
import { codeForColleague, deskSize } from './hq'
import { Line } from './line'
import { Server, type Ready } from './server'
import { shot } from './shots'
import { typedIsKept } from './visiting'

interface Attachment {
  readonly hash: string
  readonly size: number
  readonly there: boolean
  readonly subject_table: string
  readonly caption: string
  readonly marks: string
  readonly source: string
  readonly withdrawn: boolean
}

let server: Server
let ready: Ready
let address: string
const line = new Line()
const phone = new Profile(phoneSize)
const colleague = new Profile(phoneSize)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
  const at = new URL(ready.field)
  address = `http://localhost:${String(await line.open(Number(at.port)))}/`
})

afterAll(async () => {
  await Promise.all([phone.remove(), colleague.remove()])
  await line.close()
  await server.remove()
})

test('photos get through kills, cuts and restarts, and headquarters has the same bytes', async () => {
  onTestFailed(async () => {
    if (phone.page) await picture(phone.page, 'failed-photo').catch(() => undefined)
    process.stderr.write(`${phone.complaints.join('\n')}\n`)
  })
  let page = await phone.open(address)
  await enrol(page, ready.enrolment_code)

  await refused(page)
  page = await quickly(page)
  await look(page)
  await intoVerification(page)

  line.speed = 150_000
  await go(page, '#/sync')
  await sending(page, 10)
  await picture(page, 'photo-sending')
  await phone.kill()
  line.cut()
  await colleagueSees('away')

  page = await phone.open(address)
  await go(page, '#/sync')
  await sending(page, 10)
  expect(await server.stop()).toBe(0)
  line.cut()
  await page.getByTestId('photos-hold').waitFor()
  await picture(page, 'photo-offline')
  ready = await server.start()
  line.speed = undefined
  await sync(page)
  await page
    .getByTestId('photos-send')
    .click({ timeout: 2_000 })
    .catch(() => undefined)
  await expect.poll(() => waiting(page), { timeout: 60_000 }).toBe(0)

  await atHeadquarters()
  await colleagueSees('there')
  await full(page)
  await free(page)
  expect([...phone.complaints, ...colleague.complaints]).toEqual([])
  expect(await server.stop()).toBe(0)
})

/** What is no picture is refused in words, file by file, and nothing is saved. */
async function refused(page: Page): Promise<void> {
  await openFindings(page)
  await page.getByTestId('finding-new').click()
  const files = ['list.pdf', 'map.pdf'].map((name) => {
    return { name, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') }
  })
  await page.getByTestId('photo-input-gallery').setInputFiles(files)
  await page.getByTestId('photo-trouble-unreadable').waitFor()
  await page.waitForTimeout(600)
  await picture(page, 'photo-refused')
  for (const { name } of files) {
    await page.getByTestId('photo-trouble-file').getByText(name).waitFor()
    await page.getByTestId('photo-trouble-close').click()
  }
  await page.getByTestId('photo-trouble-file').waitFor({ state: 'hidden' })
  expect(await page.getByTestId('photo-draft').count()).toBe(0)
}

/** A photo before words; the phone dies before they are saved, and nothing is lost. */
async function quickly(page: Page): Promise<Page> {
  await openFindings(page)
  await picture(page, 'photo-visit')
  await page.getByTestId('quick-photo-input').setInputFiles(await shot(page, 1, 3000, 2000))
  await page.getByTestId('photo-draft').waitFor({ timeout: 30_000 })
  await page.getByTestId('photo-input-gallery').setInputFiles(await shot(page, 2, 1200, 1600))
  await expect.poll(() => page.getByTestId('photo-draft').count(), { timeout: 30_000 }).toBe(2)
  await page.getByTestId('finding-title').fill('公示欄收支明細停在上半年')
  await page.getByTestId('photo-draft').nth(1).click()
  await page.getByTestId('photo-draft-caption').fill('公示欄全景')
  await page.waitForTimeout(700)
  await picture(page, 'photo-draft-sheet')
  await page.getByTestId('photo-draft-done').click()
  await page.waitForTimeout(700) // the sheet goes down
  await typedIsKept(page)
  await picture(page, 'photo-form')
  await phone.kill()

  const again = await phone.open(address)
  await openFindings(again)
  await again.getByTestId('finding-draft').click()
  await expect.poll(() => again.getByTestId('photo-draft').count()).toBe(2)
  line.speed = 20_000 // nothing gets far before all is saved
  await again.getByTestId('finding-submit').click()
  await again.getByTestId('finding-item').first().waitFor()
  return again
}

/** Captions, marks, the viewer; and one photo that is withdrawn. */
async function look(page: Page): Promise<void> {
  await page.getByTestId('finding-item').first().click()
  await expect.poll(() => page.getByTestId('photo-item').count()).toBe(2)
  await picture(page, 'photo-finding')
  await page.getByTestId('photo-item').first().click()
  await page.getByTestId('photo-large').first().waitFor()
  await page.getByTestId('photo-caption').click()
  await page.getByTestId('photo-caption-text').fill('收支明細只到六月')
  await page.getByTestId('photo-caption-confirm').click()
  await expect.poll(() => page.getByTestId('photo-viewer-caption').innerText()).toContain('六月')
  await mark(page)
  await page.waitForTimeout(2500)
  await picture(page, 'photo-viewer')
  await page.getByTestId('photo-close').click()
  await page.getByTestId('photo-viewer').waitFor({ state: 'detached' })
}

async function mark(page: Page): Promise<void> {
  await page.getByTestId('photo-mark').click()
  const canvas = page.getByTestId('photo-canvas')
  await canvas.locator('img').waitFor()
  const box = await canvas.boundingBox()
  if (!box) throw new Error('the picture is not there')
  const to = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const
  for (const [tool, from, until] of [
    ['arrow', to(0.1, 0.8), to(0.4, 0.5)],
    ['box', to(0.45, 0.3), to(0.8, 0.6)],
  ] as const) {
    await page.getByTestId(`photo-tool-${tool}`).click()
    await page.mouse.move(...from)
    await page.mouse.down()
    await page.mouse.move(...until, { steps: 4 })
    await page.mouse.up()
  }
  await page.getByTestId('photo-tool-text').click()
  await page.mouse.click(...to(0.45, 0.7))
  await page.getByTestId('photo-words').fill('缺七月以後')
  await page.getByTestId('photo-words-put').click()
  await picture(page, 'photo-marking')
  await page.getByTestId('photo-marks-save').click()
  await page.getByTestId('photo-editor').waitFor({ state: 'detached' })
}

/** A photo of a verification, saved with it. */
async function intoVerification(page: Page): Promise<void> {
  await home(page)
  await page.getByTestId('visit-item').first().click()
  await page.getByTestId('problem-item').first().click()
  await page.getByTestId('photo-input-camera').setInputFiles(await shot(page, 3, 2600, 2000))
  await page.getByTestId('photo-draft').waitFor({ timeout: 30_000 })
  await page.getByTestId('verify-outcome-not').click()
  await picture(page, 'photo-verify')
  await page.getByTestId('verify-save').click()
  await page.getByTestId('problem-item').first().waitFor()
}

/** A colleague has the rows, and is told where the bytes are. */
async function colleagueSees(state: 'away' | 'there'): Promise<void> {
  const first = colleague.page === undefined
  const page = await colleague.open(ready.field)
  if (first) await enrol(page, await codeForColleague(ready))
  await sync(page)
  await openFindings(page)
  await page.getByTestId('finding-item').first().click()
  await page.getByTestId(`photo-state-${state}`).first().waitFor({ timeout: 30_000 })
  await page.getByTestId('photo-item').first().click()
  await page.getByTestId('photo-away').first().waitFor()
  await page.waitForTimeout(600)
  await picture(page, `photo-colleague-${state}`)
  await colleague.kill()
}

/** A phone whose space is used up says what to do, and keeps nothing half. */
async function full(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(address)
  const { usage = 0 } = await page.evaluate(() => navigator.storage.estimate())
  const quotaSize = usage + 20_000
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize })
  await openFindings(page)
  await page.getByTestId('finding-item').first().click()
  await page.getByTestId('photo-input-camera').setInputFiles(await shot(page, 4, 2000, 1500))
  await page.getByTestId('photo-trouble-no-space').waitFor({ timeout: 30_000 })
  await page.waitForTimeout(600)
  await picture(page, 'photo-full')
  await session.send('Storage.overrideQuotaForOrigin', { origin })
  await page.getByTestId('photo-to-sync').click()
  await page.getByTestId('photos-card').waitFor()
  expect(await waiting(page)).toBe(0)
}

/** What headquarters' interface says of the photos, and the bytes it gives out. */
async function atHeadquarters(): Promise<void> {
  const cookie = await login()
  const base = `${new URL(ready.hq).origin}/api/hq/campaigns/${ready.campaign_id}`
  const answer = await fetch(`${base}/attachments`, { headers: { cookie } })
  const all = (await answer.json()) as readonly Attachment[]
  expect(all.length).toBe(3)
  expect(all.every(({ there }) => there)).toBe(true)
  expect(all.map(({ subject_table }) => subject_table).sort()).toEqual([
    'finding',
    'finding',
    'verification',
  ])
  const marked = all.find(({ caption }) => caption === '收支明細只到六月')
  expect(JSON.parse(marked?.marks ?? '[]')).toMatchObject([
    { kind: 'arrow' },
    { kind: 'box' },
    { kind: 'text', text: '缺七月以後' },
  ])
  for (const { hash, size } of all) {
    const photo = await fetch(`${base}/photos/${hash}`, { headers: { cookie } })
    const bytes = Buffer.from(await photo.arrayBuffer())
    expect(bytes.length).toBe(size)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash)
    expect(photo.headers.get('Content-Type')).toBe('image/jpeg')
  }
}

async function login(): Promise<string> {
  const answer = await fetch(`${new URL(ready.hq).origin}/api/hq/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ login: ready.hq_login, password: ready.hq_password }),
  })
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** The whole photos go, their previews stay. */
async function free(page: Page): Promise<void> {
  await picture(page, 'photo-sync-zh')
  await page.getByTestId('photos-free').click()
  await page.getByRole('button', { name: '釋放空間' }).last().click()
  await page.getByTestId('photos-free').waitFor({ state: 'detached' })
  await openFindings(page)
  await page.getByTestId('photo-strip').locator('img').first().waitFor()
  await page.getByTestId('visit-photos-open').click()
  await page.getByTestId('photo-item').nth(2).locator('img').waitFor()
  await picture(page, 'photo-visit-unfolded')
  await page.getByTestId('finding-item').first().click()
  await page.getByTestId('photo-item').first().click()
  await page.getByTestId('photo-large').first().waitFor()
  await page.waitForTimeout(600)
  await picture(page, 'photo-freed')
  await page.getByTestId('photo-close').click()
  await inEnglish(page)
}

async function openFirst(page: Page): Promise<void> {
  await home(page)
  await page.getByTestId('visit-item').first().click()
  await page.getByRole('tab', { name: 'Findings' }).click()
  await page.getByTestId('finding-item').first().click()
  await page.getByTestId('photo-item').first().locator('img').waitFor()
}

async function inEnglish(page: Page): Promise<void> {
  await page.getByTestId('photo-viewer').waitFor({ state: 'detached' })
  await page.getByTestId('lang-switch').click()
  await picture(page, 'photo-finding-en')
  await page.setViewportSize(deskSize)
  await picture(page, 'photo-finding-en-1440')
  await page.getByTestId('photo-item').first().click()
  await page.getByTestId('photo-large').first().waitFor()
  await page.waitForTimeout(600)
  await picture(page, 'photo-viewer-en-1440')
  await page.getByTestId('photo-close').click()
  await page.getByTestId('photo-viewer').waitFor({ state: 'detached' })
  await page.setViewportSize(phoneSize)
  await go(page, '#/sync')
  await page.getByTestId('photos-waiting').waitFor()
  await picture(page, 'photo-sync-en')
  await page.emulateMedia({ colorScheme: 'dark' })
  await openFirst(page)
  await picture(page, 'photo-finding-dark')
}

/** Waits until some percent of a photo have been sent. */
async function sending(page: Page, percent: number): Promise<void> {
  const said = page.getByTestId('photos-waiting')
  const reached = async () => Number(/(\d+)%/.exec(await said.innerText())?.[1] ?? 0) >= percent
  await expect.poll(reached, { timeout: 120_000, interval: 50 }).toBe(true)
}

async function waiting(page: Page): Promise<number> {
  return Number(await page.getByTestId('photos-waiting').getAttribute('data-count'))
}
