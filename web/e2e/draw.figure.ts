/**
 * How long the draws alone take in a page on a computer a quarter as fast as this one,
 * held against what people should have to wait at most. Each is measured in a page that
 * has drawn nothing before.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'

import { Profile } from './browser'
import { withEngine } from './bundle'
import type * as Engine from './engine'
import { median, print } from './figure'
import { deskSize } from './hq'

declare const engine: typeof Engine

/** Milliseconds of a route in the prototype, which ran in Node. */
const prototype = 103

const rounds = 5
const slowdown = 4
const profile = new Profile(deskSize)
let page: Page

beforeAll(async () => {
  page = await profile.open('about:blank')
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
})

afterAll(async () => {
  await profile.remove()
})

test.each([
  { what: 'draw of 200 from 2,200 units', baseline: 500, time: () => engine.unitsTime() },
  { what: 'order of a roster of 3,000', baseline: 300, time: () => engine.orderTime() },
  { what: 'code of a roster of 3,000', baseline: 300, time: () => engine.codeTime() },
  { what: 'route of 40 stops', baseline: 4 * prototype, time: () => engine.routeTime() },
])('$what', async ({ what, baseline, time }) => {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    await withEngine(page)
    times.push(await page.evaluate(time))
  }
  const name = `${what} in Chromium, ${String(slowdown)}× slowed down`
  print({ name, value: median(times), unit: 'ms', baseline })
})
