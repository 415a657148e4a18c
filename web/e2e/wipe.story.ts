/**
 * Headquarters orders a phone to wipe itself. The phone sends what it has, wipes all that the
 * browser keeps, says so, and tells its user honestly; what was typed is nowhere in its profile.
 */
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

import { picture, Profile } from './browser'
import { canaries, sightings } from './canary'
import { enrol, go, openFindings, phoneSize, recordFinding, sync } from './field'
import { Server, type Ready } from './server'

let server: Server
let ready: Ready
const phone = new Profile(phoneSize)
const secrets = canaries(8)
let cookie = ''

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await phone.remove()
  await server.remove()
})

interface Device {
  readonly id: string
  readonly wipe_ordered_at?: number
  readonly wiped_at?: number
  readonly version?: string
  readonly unsent?: number
}

async function hq(path: string, body?: object): Promise<Response> {
  return fetch(new URL(`/api/hq${path}`, ready.hq), {
    method: body ? 'POST' : 'GET',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', Cookie: cookie },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
}

async function device(id: string): Promise<Device | undefined> {
  const response = await hq(`/campaigns/${ready.campaign_id}/inspectors`)
  const people = (await response.json()) as readonly { readonly devices: readonly Device[] }[]
  return people.flatMap(({ devices }) => devices).find((one) => one.id === id)
}

test('a phone that is told to wipe itself sends what it has, and keeps nothing', async () => {
  onTestFailed(async () => {
    if (phone.page) await picture(phone.page, 'failed-wipe').catch(() => undefined)
    process.stderr.write(`${phone.complaints.join('\n')}\n`)
  })
  const login = await hq('/login', { login: ready.hq_login, password: ready.hq_password })
  cookie = (login.headers.get('Set-Cookie') ?? '').split(';')[0] ?? ''
  const page = await phone.open(ready.field)
  await enrol(page, ready.enrolment_code)
  await sync(page)
  const id = await page.getByTestId('device-id').innerText()
  expect(await device(id)).toMatchObject({ unsent: 0, version: '0.1.0' })
  await page.context().setOffline(true)
  for (const word of secrets) {
    await openFindings(page)
    await recordFinding(page, { title: word, detail: `詳情 ${word}`, severity: 'minor' })
  }
  const ordered = await hq(`/campaigns/${ready.campaign_id}/devices/${id}/wipe`, {})
  expect(ordered.ok, await ordered.text()).toBe(true)
  const revoked = await hq(`/campaigns/${ready.campaign_id}/devices/${id}/revocation`, {})
  expect(revoked.ok, await revoked.text()).toBe(true)
  expect(await device(id)).not.toHaveProperty('wiped_at')
  await go(page, '#/sync')
  await page.context().setOffline(false)
  await page
    .getByTestId('sync-now')
    .click({ timeout: 5_000 })
    .catch(() => undefined)
  await page.getByTestId('leaving-left').waitFor({ timeout: 60_000 })
  await picture(page, 'wiped')
  expect(await page.getByTestId('leaving-lost').innerText()).toContain('全部記錄和照片都已送達總部')
  expect(await page.getByTestId('leaving-told').innerText()).toContain('總部已收到')
  expect(typeof (await device(id))?.wiped_at).toBe('number')
  expect([...sightings(server.data, secrets).keys()].sort(), 'it was sent before').toEqual(
    [...secrets].sort(),
  )
  const left = await page.evaluate(async () => {
    const files: string[] = []
    for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name)
    return {
      files,
      keys: (await indexedDB.databases()).length,
      caches: await caches.keys(),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      small: Object.keys(localStorage),
    }
  })
  expect(left).toEqual({ files: [], keys: 0, caches: [], workers: 0, small: ['sansuiji-wiped'] })
  await page.reload()
  await page.getByTestId('leaving-left').waitFor()
  await phone.close()
  expect(Object.fromEntries(sightings(phone.folder, secrets)), 'nothing is left').toEqual({})
  expect(await server.stop()).toBe(0)
  expect(server.fsck().code).toBe(0)
})
