/**
 * What headquarters' console fetches until its dashboard stands, as it travels: compressed. It
 * is held against what it may at most.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Profile } from './browser'
import { print } from './figure'
import { deskSize, signIn } from './hq'
import { Server, type Ready } from './server'

const mostKilobytes = 700

let server: Server
let ready: Ready
const desk = new Profile(deskSize)

beforeAll(async () => {
  server = await Server.prepare()
  ready = await server.start()
})

afterAll(async () => {
  await desk.remove()
  await server.remove()
})

test('the console is light enough for a slow line', async () => {
  const page = await desk.open(ready.hq)
  await signIn(page, ready)
  await page.getByTestId('unit-map').waitFor()
  await page.locator('figure svg').first().waitFor()
  const bytes = await page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .map((entry) => (entry as PerformanceResourceTiming).encodedBodySize)
      .reduce((sum, size) => sum + size, 0),
  )
  print({
    name: 'console: first load until the dashboard stands',
    value: bytes / 1024,
    unit: 'KB compressed',
    baseline: mostKilobytes,
  })
  expect(bytes / 1024).toBeLessThanOrEqual(mostKilobytes)
})
