/**
 * A phone that never reaches headquarters again loses nothing: what it had is carried there as
 * a sealed file. One byte of it changed, and it is refused; twice the same changes nothing; and
 * if the phone does come back, it finds that all of it is there.
 */
import { readFileSync } from 'node:fs'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { canaries, sightings } from './canary'
import { enrol, go, openFindings, phoneSize, sync } from './field'
import { Server, type Ready } from './server'

let server: Server
let ready: Ready
const phone = new Profile(phoneSize)
const secrets = canaries(6)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await phone.remove()
  await server.remove()
})

/** A JPEG that the browser draws. */
async function shot(page: Page, n: number): Promise<Buffer> {
  const url = await page.evaluate((seed) => {
    const canvas = document.createElement('canvas')
    canvas.width = 800
    canvas.height = 600
    const context = canvas.getContext('2d')
    for (let i = 0; i < 400; i++) {
      if (context) context.fillStyle = `hsl(${String((i * 37 * seed) % 360)} 70% 50%)`
      context?.fillRect((i * 53 * seed) % 800, (i * 97) % 600, 90, 70)
    }
    return canvas.toDataURL('image/jpeg', 0.9)
  }, n)
  return Buffer.from(url.split(',')[1] ?? '', 'base64')
}

/** A finding with a photo of it. */
async function recordWithPhoto(page: Page, word: string, n: number): Promise<void> {
  await page.getByTestId('finding-new').click()
  await page.getByTestId('photo-input-gallery').setInputFiles({
    ...{ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await shot(page, n) },
  })
  await page.getByTestId('photo-draft').waitFor()
  await page.getByTestId('finding-title').fill(`帳目 ${word}`)
  await page.getByTestId('finding-severity-minor').click()
  await page.getByTestId('finding-submit').click()
  await page.getByTestId('finding-item').filter({ hasText: word }).first().waitFor()
}

interface Taken {
  readonly sealed: boolean
  readonly entries: number
  readonly merged: number
  readonly known: number
  readonly attachments: number
  readonly stored: number
}

/** Brings a file as somebody at headquarters. */
async function bring(file: Uint8Array, cookie: string): Promise<{ status: number; body: unknown }> {
  const path = `/api/hq/campaigns/${ready.campaign_id}/bundle`
  const response = await fetch(new URL(path, ready.hq), {
    method: 'POST',
    headers: {
      'Content-Type': 'application/octet-stream',
      Accept: 'application/json',
      Cookie: cookie,
    },
    body: Uint8Array.from(file),
  })
  return { status: response.status, body: await response.json() }
}

async function signIn(): Promise<string> {
  const response = await fetch(new URL('/api/hq/login', ready.hq), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ login: ready.hq_login, password: ready.hq_password }),
  })
  return (response.headers.get('Set-Cookie') ?? '').split(';')[0] ?? ''
}

test('what a phone could not send is carried by hand, sealed, and all of it arrives', async () => {
  onTestFailed(async () => {
    if (phone.page) await picture(phone.page, 'failed-bundle').catch(() => undefined)
    process.stderr.write(`${phone.complaints.join('\n')}\n`)
  })
  const page = await phone.open(ready.field)
  await enrol(page, ready.enrolment_code)
  await sync(page)
  await page.context().setOffline(true)
  await openFindings(page)
  for (const [i, word] of secrets.entries()) await recordWithPhoto(page, word, i + 1)
  await go(page, '#/sync')
  await page.getByTestId('bundle-card').waitFor()
  await picture(page, 'bundle-before')
  await page.getByTestId('bundle-make').click()
  await page.getByTestId('bundle-made').waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('bundle-save').click(),
  ])
  const sealed = readFileSync(await download.path())
  await page.getByTestId('bundle-made').scrollIntoViewIfNeeded()
  await picture(page, 'bundle-made')
  expect(secrets.filter((word) => sealed.includes(word))).toEqual([])
  process.stdout.write(`${download.suggestedFilename()}: ${String(sealed.length)} bytes\n`)

  const cookie = await signIn()
  const damaged = Buffer.from(sealed)
  damaged.writeUInt8(damaged.readUInt8(5000) ^ 1, 5000)
  expect(await bring(damaged, cookie)).toMatchObject({
    status: 422,
    body: { code: 'bundle-damaged' },
  })
  const first = await bring(sealed, cookie)
  expect(first).toMatchObject({ status: 200, body: { sealed: true } })
  const taken = first.body as Taken
  expect(taken.merged).toBeGreaterThanOrEqual(6)
  expect([taken.known, taken.merged]).toEqual([0, taken.entries])
  expect([taken.stored, taken.attachments]).toEqual([secrets.length, secrets.length])
  expect((await bring(sealed, cookie)).body).toMatchObject({
    known: taken.entries,
    merged: 0,
    stored: 0,
  })
  expect([...sightings(server.data, secrets).keys()].sort()).toEqual([...secrets].sort())

  // Back on the line, the phone finds that all of it is there.
  await page.context().setOffline(false)
  await sync(page)
  await expect
    .poll(async () => page.getByTestId('photos-waiting').getAttribute('data-count'))
    .toBe('0')
  expect(await page.getByTestId('sync-total-phone').innerText()).toMatch(/^0/)
  await picture(page, 'bundle-after')
  await phone.close()
  expect(await server.stop()).toBe(0)
  expect(server.fsck().code).toBe(0)
})
