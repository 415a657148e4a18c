/** Chromium draws what Go draws: from random plans, and for every certificate of the vectors. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Profile } from './browser'
import { withEngine } from './bundle'
import type * as Engine from './engine'
import { deskSize } from './hq'

declare const engine: typeof Engine

const vectors = join(import.meta.dirname, '../../testdata/draw')
const lines = (name: string) => readFileSync(join(vectors, name), 'utf8').trim().split('\n')

const profile = new Profile(deskSize)
let page: Page

beforeAll(async () => {
  page = await profile.open('about:blank')
  await withEngine(page)
})

afterAll(async () => {
  await profile.remove()
})

test.each([0, 1])('the random plans of block %i come out in Chromium as in Go', async (block) => {
  const have = await page.evaluate((number) => engine.digest(number), block)
  expect(have).toBe(lines('random.txt')[block])
})

test('a certificate of every design and rule holds in Chromium', async () => {
  const cases = lines('cases.jsonl')
  expect(cases.length).toBeGreaterThan(30)
  const results = await page.evaluate((all) => all.map((line) => engine.resultOf(line)), cases)
  expect(new Set(results)).toEqual(new Set(['holds']))
  expect(profile.complaints).toEqual([])
})
