/**
 * What a phone takes along and brings back beside words: a map that is shown without a network,
 * and voice notes, one of which was cut off by a kill, whose bytes come to headquarters.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { enrol, go, home, openFindings, phoneSize, sync } from './field'
import { Server, type Ready } from './server'

const flags = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  // The map is drawn by software here.
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
]

let server: Server
let ready: Ready
const phone = new Profile(phoneSize, flags)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await phone.remove()
  await server.remove()
})

test('a map is carried and shown offline; voice notes outlive a kill and reach headquarters', async () => {
  onTestFailed(async () => {
    if (phone.page) await picture(phone.page, 'failed-map').catch(() => undefined)
    process.stderr.write(`${phone.complaints.join('\n')}\n`)
  })
  let page = await phone.open(ready.field)
  await enrol(page, ready.enrolment_code)
  await fetchMap(page)
  expect(await server.stop()).toBe(0)

  await page.reload()
  await showMap(page)
  page = await speakAndDie(page)
  await page.getByTestId('finding-submit').click()
  await page.getByTestId('finding-item').first().click()
  await expect.poll(() => page.getByTestId('voice-item').count()).toBe(2)
  await picture(page, 'voice-finding')

  ready = await server.start()
  await sync(page)
  const waiting = async () => page.getByTestId('photos-waiting').getAttribute('data-count')
  await expect.poll(waiting, { timeout: 60_000 }).toBe('0')
  await atHeadquarters()
  expect(phone.complaints.filter((one) => !one.includes('net::ERR_'))).toEqual([])
})

async function fetchMap(page: Page): Promise<void> {
  await go(page, '#/prepare')
  await page.getByTestId('map-fetch').click()
  await page.locator('[data-testid=map-card][data-state=here]').waitFor()
  await picture(page, 'map-prepare')
}

async function showMap(page: Page): Promise<void> {
  await home(page)
  await page.getByTestId('visits-view-map').click()
  await page.locator('[data-testid=tile-map][data-state=shown]').waitFor({ timeout: 60_000 })
  expect(await page.getByTestId('map-unit').count()).toBe(4)
  await picture(page, 'map-offline')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.waitForTimeout(1500)
  await picture(page, 'map-offline-dark')
  await page.emulateMedia({ colorScheme: 'light' })
}

/** One note is kept, the next is being spoken when the phone dies: both are in the form again. */
async function speakAndDie(page: Page): Promise<Page> {
  await openFindings(page)
  await page.getByTestId('finding-new').click()
  await page.getByTestId('finding-title').fill('公示欄收支明細停在上半年')
  await page.getByTestId('finding-topic-funds').click()
  await page.getByTestId('finding-responsible-own').click()
  await page.getByTestId('finding-due-month').click()
  await page.getByTestId('voice-record').click()
  await page.waitForTimeout(3000)
  await page.getByTestId('voice-stop').click()
  await page.getByTestId('voice-draft').waitFor()
  await page.getByTestId('voice-record').click()
  await page.waitForTimeout(4500)
  await phone.kill()

  const again = await phone.open(ready.field)
  await openFindings(again)
  await again.getByTestId('finding-draft').click()
  await expect.poll(() => again.getByTestId('voice-draft').count()).toBe(2)
  expect(await again.getByTestId('finding-title').inputValue()).toContain('公示欄')
  await again.getByTestId('voice-play').first().click()
  await again.locator('[data-testid=voice-play][data-state=playing]').waitFor()
  await picture(again, 'voice-form')
  return again
}

/** Headquarters has both notes, with how long they are. */
async function atHeadquarters(): Promise<void> {
  const { origin } = new URL(ready.hq)
  const login = await fetch(`${origin}/api/hq/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ login: ready.hq_login, password: ready.hq_password }),
  })
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const answer = await fetch(`${origin}/api/hq/campaigns/${ready.campaign_id}/attachments`, {
    headers: { cookie },
  })
  const all = (await answer.json()) as readonly {
    readonly kind: string
    readonly hash: string
    readonly there: boolean
    readonly duration_ms: number
  }[]
  expect(all.map(({ kind, there }) => `${kind} ${String(there)}`)).toEqual([
    'sound true',
    'sound true',
  ])
  for (const { hash, duration_ms } of all) {
    expect(duration_ms).toBeGreaterThan(1_500)
    const kept = readFileSync(
      join(server.data, 'photos', ready.campaign_id, hash.slice(0, 2), hash),
    )
    expect(createHash('sha256').update(kept).digest('hex')).toBe(hash)
    expect(kept.subarray(0, 4).toString('hex'), 'WebM begins so').toBe('1a45dfa3')
  }
}
