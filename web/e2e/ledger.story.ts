/**
 * A problem is put right: the responsible unit claims it on a phone with a photo, a person at
 * headquarters checks it, a second one closes it out. A hall of fifty votes, one ticket tries
 * twice; and a unit's score shows how it came about.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { expectNoBarriers } from './axe'
import { picture, Profile } from './browser'
import { phoneSize } from './field'
import { deskSize, signIn, wholePicture } from './hq'
import { Office } from './office'
import { Server, type Ready } from './server'

let server: Server
let ready: Ready
let office: Office
const desk = new Profile(deskSize)
const phone = new Profile(phoneSize)

interface Login {
  readonly login: string
  readonly password: string
}

interface Entry {
  readonly id: string
  readonly problem_id: string
  readonly unit: string
  readonly problem: string
  readonly unit_id: string
  readonly category: string
  readonly state: string
}

/** What pages complained of, refusals that were wanted aside. */
const complaints = (): readonly string[] =>
  [...desk.complaints, ...phone.complaints].filter((text) => !/status of 409/.test(text))

/** An open entry whose problem the first team saw, and a finding of it that was accepted. */
let entry: Entry
const found = '公示欄鎖著，群眾看不到'

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
  office = await Office.signIn(ready)
  await makeVisit()
})

/** A team visits a unit, verifies a problem and records another one, which is accepted. */
async function makeVisit(): Promise<void> {
  const origin = new URL(ready.hq).origin
  server.device('enrol', '--server', origin, '--code', ready.enrolment_code, '--name', '一組手機')
  server.device('sync')
  const visits = await office.get<readonly { id: string; unit: string; team: string }[]>('/visits')
  const { entries } = await office.get<{ entries: readonly Entry[] }>(
    '/ledger?state=open&limit=200',
  )
  const pairs = entries.flatMap((one) => {
    const visit = visits.find(({ team, unit }) => team === '第一核查組' && unit === one.unit)
    return visit ? [{ one, visit }] : []
  })
  const [pair] = pairs
  if (!pair) throw new Error('the first team has no open entry')
  entry = pair.one
  const seen = [`visit_id=${pair.visit.id}`, `problem_id=${entry.problem_id}`]
  server.device('put', 'verification', ...seen, 'outcome=rectified', 'note=當場看過')
  const finding = ['put', 'finding', `visit_id=${pair.visit.id}`, `title=${found}`] as const
  const id = server.device(...finding, 'severity=serious', 'status=submitted')
  server.device('sync')
  const { read_at } = await office.get<{ read_at: number }>(`/findings/${id}`)
  await office.post(`/findings/${id}/review`, { decision: 'accepted', note: '', read_at })
}

/** A machine may be busy. */
const patient = { timeout: 30_000 }

/** Waits until no dialog is on its way. */
async function settled(page: Page): Promise<void> {
  await expect.poll(() => page.locator('.el-dialog:visible').count(), patient).toBe(0)
}

afterAll(async () => {
  await Promise.all([desk.remove(), phone.remove()])
  await server.remove()
})

function keepPictures(name: string): void {
  onTestFailed(async () => {
    for (const [who, { page }] of Object.entries({ desk, phone })) {
      if (page) await picture(page, `failed-${name}-${who}`).catch(() => undefined)
    }
    process.stderr.write(`${complaints().join('\n')}\n`)
  })
}

/** Lets somebody in. */
async function letIn(account: Readonly<Record<string, string>>): Promise<Login> {
  const { password } = await office.global<{ password: string }>('/accounts', account)
  return { login: account['login'] ?? '', password }
}

async function signInAs(page: Page, { login, password }: Login): Promise<void> {
  await page.getByTestId('hq-login').fill(login)
  await page.getByTestId('hq-password').fill(password)
  await page.getByTestId('hq-submit').click()
}

/** A photo, as phones make them. */
async function photo(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 480
    const pen = canvas.getContext('2d')
    if (pen) {
      pen.fillStyle = '#7fb069'
      pen.fillRect(0, 0, 640, 480)
      pen.fillStyle = '#e6aa68'
      pen.fillRect(180, 200, 280, 180)
    }
    const blob = await new Promise<Blob | null>((done) => {
      canvas.toBlob(done, 'image/jpeg')
    })
    return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))]
  })
  return Buffer.from(bytes)
}

test('an entry goes from open to close-out through three logins', async () => {
  keepPictures('ledger')
  const unit = await letIn({
    ...{ login: 'danwei', name: '村文書', role: 'unit' },
    ...{ campaign_id: ready.campaign_id, unit_id: entry.unit_id },
  })
  const second = await letIn({ login: 'fuhe', name: '複核人員', role: 'reviewer' })

  const small = await phone.open(ready.hq)
  await signInAs(small, unit)
  const row = small.getByTestId('own-row').filter({ hasText: entry.problem }).first()
  await row.waitFor()
  await expectNoBarriers(small, 'unit list')
  await picture(small, 'unit-list')
  await row.click()
  await small.getByTestId('ledger-do-claimed').click()
  await small.getByTestId('ledger-act-text').fill('路燈全部修好，附完工照片。')
  await small.getByTestId('evidence-file').setInputFiles([
    { name: '完工.jpg', mimeType: 'image/jpeg', buffer: await photo(small) },
    { name: '驗收單.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') },
  ])
  await small.getByText('驗收單.pdf').waitFor()
  await small.reload() // a phone lets go of a page that waits for a photo
  await small.getByText('驗收單.pdf').waitFor()
  expect(await small.getByTestId('ledger-act-text').inputValue()).toBe('路燈全部修好，附完工照片。')
  await picture(small, 'unit-claim')
  await small.getByTestId('ledger-act-submit').click()
  await small.getByTestId('ledger-act').filter({ hasText: '附完工照片' }).waitFor()
  await settled(small)
  await small.locator('img[alt="完工.jpg"]').evaluate((img: HTMLImageElement) => img.decode())
  await wholePicture(small, 'unit-entry')
  await small.getByRole('button', { name: 'English' }).click()
  await wholePicture(small, 'unit-entry-en')

  const wide = await desk.open(ready.hq)
  await signIn(wide, ready)
  await wide.getByTestId('nav-ledger').click()
  await wide.getByTestId('ledger-view-claimed').click()
  await wide.locator('input[data-testid=ledger-search]').fill(entry.problem)
  await wide.locator(`[data-entry="${entry.id}"] a`).click()
  await wide.getByTestId('ledger-do-checked').click()
  await wide.getByTestId('ledger-act-visit').selectOption({ index: 1 })
  await picture(wide, 'ledger-check')
  await wide.getByTestId('ledger-act-submit').click()
  await settled(wide)
  await wide.getByTestId('ledger-second').waitFor()
  await expect.poll(() => wide.getByTestId('ledger-do-closed').count(), patient).toBe(0)
  await expectNoBarriers(wide, 'ledger entry')
  await picture(wide, 'ledger-checked')
  const refused = office.post(`/ledger/${entry.id}/acts`, {
    kind: 'closed',
    text: '',
    read_at: 1e9,
  })
  await expect(refused).rejects.toThrow('second-person-wanted')

  await wide.evaluate(() => fetch('/api/hq/logout', { method: 'POST' }))
  await wide.goto(`${ready.hq}#/login`)
  await wide.reload()
  await signInAs(wide, second)
  await wide.getByTestId('nav-ledger').waitFor()
  await wide.goto(`${ready.hq}#/campaign/${ready.campaign_id}/ledger/${entry.id}`)
  await wide.getByTestId('ledger-do-closed').click()
  await wide.getByTestId('ledger-act-submit').click()
  await wide.getByTestId('ledger-do-reopened').waitFor()
  const { state } = await office.get<Entry>(`/ledger/${entry.id}`)
  expect(state).toBe('closed')

  await settled(wide)
  await wide.getByTestId('ledger-close').click()
  await wide.getByTestId('ledger-add').click()
  await wide.getByTestId('ledger-candidate').filter({ hasText: found }).click()
  await wide.getByTestId('ledger-measure').fill('當天開鎖，公示期內不上鎖。')
  await wide.getByTestId('ledger-due').fill('2027-06-30')
  await picture(wide, 'ledger-add')
  await wide.getByTestId('ledger-add-submit').click()
  await wide.getByTestId('ledger-panel').getByRole('heading', { name: found }).waitFor()
  await settled(wide)
  await wide.getByTestId('ledger-steps-edit').click()
  await wide.getByTestId('ledger-step-text').first().fill('換鎖')
  await wide.getByTestId('ledger-step-add').click()
  await wide.getByTestId('ledger-step-text').nth(1).fill('每週查看')
  await picture(wide, 'ledger-steps')
  await wide.getByTestId('ledger-steps-save').click()
  await settled(wide)
  await wide.getByTestId('ledger-act').filter({ hasText: '每週查看' }).waitFor()
  await picture(wide, 'ledger-added')
  await wide.getByTestId('ledger-close').click()
  await picture(wide, 'ledger-list')
  await wide.getByTestId('to-reminders').click()
  await wide.getByTestId('reminder').first().waitFor()
  await picture(wide, 'reminders')
  expect(complaints()).toEqual([])
})

interface Box {
  readonly id: string
  readonly ballots: number
  readonly hash?: string
  readonly result?: Readonly<Record<string, Readonly<Record<string, number>>>>
}

test('a hall of fifty votes, and a ticket votes once', async () => {
  keepPictures('ballot')
  const wide = desk.page
  const small = phone.page
  if (!wide || !small) throw new Error('no pages')
  await wide.evaluate(() => fetch('/api/hq/logout', { method: 'POST' }))
  await wide.goto(`${ready.hq}#/login`)
  await wide.reload()
  await signIn(wide, ready)
  await wide.getByTestId('nav-ballots').click()
  await wide.getByTestId('box-open').click()
  const units = wide.getByTestId('box-unit')
  await expect.poll(() => units.locator('option').count(), patient).toBeGreaterThan(1)
  await units.selectOption({ index: 1 })
  await wide.getByTestId('box-title').fill('年度述職測評會')
  await picture(wide, 'ballot-new')
  const posted = wide.waitForResponse(
    (answer) => answer.request().method() === 'POST' && answer.url().endsWith('/boxes'),
  )
  await wide.getByTestId('box-open-submit').click()
  const { tickets } = (await (await posted).json()) as { tickets: readonly string[] }
  expect(tickets).toHaveLength(50)
  await expect.poll(() => wide.getByTestId('ticket').count(), patient).toBe(50)
  await settled(wide)
  await picture(wide, 'ballot-tickets')
  await wide.getByTestId('tickets-done').click()
  await wide.getByTestId('box-screen').first().click()
  await wide.getByTestId('live-count').waitFor()

  const vote = `${new URL(ready.hq).origin}/vote`
  await small.goto(`${vote}#${tickets[0] ?? ''}`)
  const items = small.getByTestId('vote-item')
  await expect.poll(() => items.count(), patient).toBe(2)
  for (let i = 0; i < 2; i++) await items.nth(i).getByRole('button').nth(i).click()
  await expectNoBarriers(small, 'ballot paper')
  await wholePicture(small, 'vote-paper')
  await small.getByTestId('vote-language').click()
  await wholePicture(small, 'vote-paper-other')
  await small.getByTestId('vote-submit').click()
  await small.getByTestId('vote-yes').click()
  await small.getByTestId('vote-done').waitFor()
  expect(await small.evaluate(() => location.hash)).toBe('')
  await picture(small, 'vote-done')

  const origin = new URL(ready.hq).origin
  const paper = await cast(`${origin}/api/vote/paper`, { ticket: tickets[1] })
  const asked = (paper.body as { asked: readonly { id: string; marks: readonly number[] }[] }).asked
  const voted = await Promise.all(
    tickets.slice(1, 49).map((ticket, i) => {
      const marks = Object.fromEntries(asked.map(({ id, marks }) => [id, marks[i % marks.length]]))
      return cast(`${origin}/api/vote`, { ticket, marks })
    }),
  )
  expect(new Set(voted.map(({ status }) => status))).toEqual(new Set([204]))
  await expect.poll(() => wide.getByTestId('live-count').innerText(), patient).toBe('49')
  await picture(wide, 'ballot-live')

  await small.goto(`${vote}#${tickets[0] ?? ''}`)
  await small.getByTestId('vote-refused').waitFor()
  expect(await small.getByTestId('vote-refused').innerText()).toMatch(/已經投過|used already/)
  await picture(small, 'vote-twice')

  await wide.goto(`${ready.hq}#/campaign/${ready.campaign_id}/ballots`)
  await wide.getByTestId('box-close').click()
  await wide.getByTestId('box-close-submit').click()
  await expect.poll(() => wide.getByTestId('box-close').count(), patient).toBe(0)
  await wide.getByTestId('box-screen').click()
  await wide.getByTestId('live-result').waitFor()
  await expectNoBarriers(wide, 'big screen')
  await picture(wide, 'ballot-result')
  const { list } = await office.get<{ list: readonly Box[] }>('/boxes')
  expect(list[0]).toMatchObject({
    ballots: 49,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  })
  const counts = Object.values(list[0]?.result ?? {}).map((marks) =>
    Object.values(marks).reduce((sum, n) => sum + n, 0),
  )
  expect(counts).toEqual([49, 49])
  expect(complaints()).toEqual([])
})

async function cast(address: string, body: unknown) {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as unknown }
}

test('a score shows how it came about', async () => {
  keepPictures('score')
  const wide = desk.page
  if (!wide) throw new Error('no page')
  await wide.goto(`${ready.hq}#/campaign/${ready.campaign_id}/criteria`)
  await wide.getByTestId('criteria-table').waitFor()
  await picture(wide, 'score-criteria')
  await wide.goto(`${ready.hq}#/campaign/${ready.campaign_id}/marks`)
  const marks = wide.getByTestId('mark')
  await marks.first().click()
  for (const text of ['88.5', '90', '101']) {
    await wide.keyboard.type(text)
    await wide.keyboard.press('Enter')
  }
  await wide.getByText('應是 0 到 100').waitFor()
  await expect.poll(() => wide.locator('small.saved').count(), patient).toBe(2)
  await expectNoBarriers(wide, 'marks')
  await picture(wide, 'score-marks')
  await wide.goto(`${ready.hq}#/campaign/${ready.campaign_id}/scores`)
  const row = wide.getByTestId('score-row').filter({ hasText: '88.50' })
  await row.click()
  await wide.getByTestId('score-total').waitFor()
  await expectNoBarriers(wide, 'score')
  await picture(wide, 'score-working')
  expect(await wide.getByTestId('score-panel').innerText()).toContain('88.50')
  await wide.setViewportSize(phoneSize)
  await wide.keyboard.press('Escape')
  await picture(wide, 'score-narrow')
  await wide.goto(`${ready.hq}#/campaign/${ready.campaign_id}/ledger`)
  await wide.getByTestId('ledger-row').first().waitFor()
  await picture(wide, 'ledger-narrow')
  await wide.setViewportSize(deskSize)
  await wide.getByRole('button', { name: 'English' }).click()
  await picture(wide, 'ledger-en')
  expect(complaints()).toEqual([])
})

/** Each unit with a ledger gets its login on a slip, and gets in with it. */
test('units are let in together, on one sheet', async () => {
  keepPictures('unit-sheet')
  const [wide, small] = [desk.page, phone.page]
  if (!wide || !small) throw new Error('no pages')
  await wide.evaluate(() => {
    window.print = () => undefined // nobody is there to close its window
  })
  await wide.goto(`${ready.hq}#/campaign/${ready.campaign_id}/people`)
  await wide.getByTestId('unit-sheet').click()
  await wide.getByTestId('unit-sheet-make').click()
  await wide.getByTestId('unit-slip').nth(3).waitFor()
  await wide.getByTestId('unit-sheet-stop').click()
  await wide.getByTestId('unit-sheet-print').waitFor()
  await expectNoBarriers(wide, 'unit sheet')
  await picture(wide, 'unit-sheet')
  const slip = wide.getByTestId('unit-slip').first()
  const [, login = '', password = ''] = await slip.locator('dd').allInnerTexts()
  await small.evaluate(() => fetch('/api/hq/logout', { method: 'POST' }))
  await small.goto(`${ready.hq}#/login`)
  await signInAs(small, { login, password })
  await small.getByTestId('own-row').first().waitFor()
  for (const place of [`campaign/${ready.campaign_id}/people`, 'campaigns', 'nowhere']) {
    await small.goto(`${ready.hq}#/${place}`)
    await small.waitForURL(/#\/unit\//)
    await small.getByTestId('own-row').first().waitFor()
  }
  expect(complaints()).toEqual([])
})
