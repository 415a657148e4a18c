/**
 * Headquarters loses what it had: once it says so, by a restored backup, and once it
 * does not. The phone gives everything back by itself, and tells its person.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { enrol, go, openFindings, phoneSize, recordFinding, sync } from './field'
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

test('a phone gives a restored headquarters everything back, and sounds the alarm when it is not told', async () => {
  onTestFailed(async () => {
    if (profile.page) await picture(profile.page, 'failed-restore').catch(() => undefined)
    process.stderr.write(`${profile.complaints.join('\n')}\n`)
  })
  const page = await profile.open(ready.field)
  await enrol(page, ready.enrolment_code)
  await save(page, '備份前的發現')
  const copy = server.backup('night.db')
  await save(page, '備份後的發現甲')
  await save(page, '備份後的發現乙')
  expect(await totals(page)).toEqual({ phone: 0, headquarters: 2, backup: 1 })
  await inBothLanguages(page, 'field-stages')

  expect(await server.stop()).toBe(0)
  expect(server.restore(copy)).toContain('new epoch')
  await restart()
  await sync(page)
  await page.getByTestId('history-notice').waitFor()
  await inBothLanguages(page, 'field-restored')
  expect(await totals(page)).toEqual({ phone: 0, headquarters: 3, backup: 0 })
  expect(await page.getByTestId('history-alarm').count()).toBe(0)
  await page.getByTestId('history-notice-seen').click()
  await page.getByTestId('history-notice').waitFor({ state: 'detached' })
  expect(await titlesAtHeadquarters()).toEqual(['備份前的發現', '備份後的發現乙', '備份後的發現甲'])
  expect(await server.stop()).toBe(0)
  expect(server.fsck()).toMatchObject({ code: 0 })

  server.rollBack(copy)
  await restart()
  await save(page, '回退後的發現')
  await page.getByTestId('history-alarm').waitFor()
  await inBothLanguages(page, 'field-alarm')
  await page.getByTestId('history-alarm-details').click()
  await inBothLanguages(page, 'field-alarm-details')
  await go(page, '#/')
  await page.getByTestId('visit-item').first().waitFor()
  await inBothLanguages(page, 'field-alarm-home')
  expect(await titlesAtHeadquarters()).toHaveLength(4)
  await page.getByTestId('history-alarm-seen').click()
  await page.getByTestId('history-alarm-confirm').waitFor()
  await page.waitForTimeout(400)
  await picture(page, 'field-alarm-ask')
  await page.getByTestId('history-alarm-confirm').click()
  await page.getByTestId('history-alarm').waitFor({ state: 'detached' })
  await sync(page)
  expect(await page.getByTestId('history-alarm').count()).toBe(0)
  expect(profile.complaints.filter((text) => !text.includes('409'))).toEqual([])
  expect(await server.stop()).toBe(0)
  expect(server.fsck()).toMatchObject({ code: 0 })
})

async function restart(): Promise<void> {
  ready = await server.start()
}

/** Records a finding and syncs it. */
async function save(page: Page, title: string): Promise<void> {
  await openFindings(page)
  await recordFinding(page, { title, detail: '現場所見。', severity: 'moderate' })
  await sync(page)
}

async function totals(page: Page): Promise<Record<string, number>> {
  await go(page, '#/sync')
  const count = async (stage: string) => {
    const total = page.getByTestId(`sync-total-${stage}`).locator('strong')
    return Number(await total.innerText())
  }
  return {
    phone: await count('phone'),
    headquarters: await count('headquarters'),
    backup: await count('backup'),
  }
}

/** Pictures a screen in Chinese and English, and wants it to fit. */
async function inBothLanguages(page: Page, name: string): Promise<void> {
  for (const language of ['zh', 'en']) {
    await page.waitForTimeout(400)
    await picture(page, `${name}-${language}`)
    const spare = await page.evaluate(
      () => window.innerWidth - document.documentElement.scrollWidth,
    )
    expect(spare, `${name} is wider than the window`).toBeGreaterThanOrEqual(0)
    await page.getByTestId('lang-switch').first().click()
  }
}

async function titlesAtHeadquarters(): Promise<readonly string[]> {
  const origin = new URL(ready.hq).origin
  const login = await fetch(`${origin}/api/hq/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ login: ready.hq_login, password: ready.hq_password }),
  })
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const address = `${origin}/api/hq/campaigns/${ready.campaign_id}/findings`
  const answer = (await (await fetch(address, { headers: { cookie } })).json()) as {
    readonly findings: readonly { readonly title: string }[]
  }
  return answer.findings.map(({ title }) => title).sort()
}
