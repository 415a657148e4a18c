/**
 * How long a phone's browser needs for its first 50,000 rows, from the tap that
 * enrols it to the end of its first sync. It is held
 * against a device of ours that pulls the same rows on the same machine.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Profile } from './browser'
import { enrol, go, phoneSize } from './field'
import { median, print } from './figure'
import { fill } from './filling'
import { codeForColleague } from './hq'
import { Server, type Ready } from './server'

const rounds = 5
const rows = 50_000

let server: Server
let ready: Ready

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => server.remove())

test('the first pull of 50,000 rows', async () => {
  const native: number[] = []
  const browser: number[] = []
  fill(ready, ready.enrolment_code, rows)
  for (let round = 0; round < rounds; round++) {
    const code = await codeForColleague(ready)
    native.push(fill(ready, await codeForColleague(ready), 1, code))
    browser.push(await pullInBrowser(await codeForColleague(ready)))
  }
  print({
    name: 'first pull of 50,000 rows in Chromium',
    value: median(browser),
    unit: 'ms',
    baseline: median(native),
  })
})

async function pullInBrowser(code: string): Promise<number> {
  const profile = new Profile(phoneSize)
  try {
    const page = await profile.open(ready.field)
    await page.getByTestId('enrol-code').waitFor()
    const begun = performance.now()
    await enrol(page, code)
    await go(page, '#/sync')
    const button = page.getByTestId('sync-now')
    await expect.poll(async () => button.isEnabled(), { timeout: 60_000, interval: 20 }).toBe(true)
    const took = performance.now() - begun
    const fetched = /下載 ([\d,]+) 條/.exec(await page.locator('body').innerText())?.[1] ?? ''
    expect(Number(fetched.replaceAll(',', ''))).toBeGreaterThanOrEqual(rows)
    return took
  } finally {
    await profile.remove()
  }
}
