/**
 * What who gets a report's evidence does: opens its page from a disk with no network, drops
 * the file in, and follows numbers of the report to what they rest on.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { expectNoBarriers, expectNoCuts } from './axe'
import { picture, Profile } from './browser'

const wide = { width: 1440, height: 1000 }
const narrow = { width: 390, height: 844 }
const folder = mkdtempSync(join(tmpdir(), 'sansuiji-evidence-'))
const sample = join(import.meta.dirname, '../../testdata/evidence/sample.zip')
const desk = new Profile(wide)
let page: Page

beforeAll(async () => {
  const built = readFileSync(join(import.meta.dirname, '../dist/evidence/index.html'))
  writeFileSync(join(folder, 'verify.html'), built)
  page = await desk.open(`file://${join(folder, 'verify.html')}`)
  await page.context().setOffline(true)
})

afterAll(async () => {
  await desk.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function give(file: string): Promise<void> {
  await page.locator('input[data-pick=file]').setInputFiles(file)
}

async function looks(name: string): Promise<void> {
  for (const [size, width] of [
    [wide, 1440],
    [narrow, 390],
  ] as const) {
    await page.setViewportSize(size)
    await expectNoBarriers(page, `${name} ${String(width)}`)
    await expectNoCuts(page, `${name} ${String(width)}`)
    await page.screenshot({
      path: join(import.meta.dirname, 'artefacts', `${name}-${String(width)}.png`),
      fullPage: true,
    })
  }
  await page.setViewportSize(wide)
}

test('a file as headquarters packed it is proven, and its numbers can be followed', async () => {
  await picture(page, 'evidence-empty')
  await give(sample)
  await page.locator('.verdict.holds').waitFor()
  expect(await page.locator('.step.holds').count()).toBe(10)
  for (const number of [1, 3, 5, 7, 9]) {
    await page.locator('#number').fill(String(number))
    await page.locator('.lookup button[type=submit]').click()
    await page.locator('.source h3', { hasText: String(number) }).waitFor()
  }
  const finding = await numberOf('發現')
  await page.locator('#number').fill(String(finding))
  await page.locator('.lookup button[type=submit]').click()
  await page.locator('.photos img').first().waitFor()
  const seen = await page
    .locator('.photos img')
    .first()
    .evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))
  expect(seen).toBe(64)
  for (const text of ['老錢', '公示不及時', '設備簽名成立', '逐字相同']) {
    await page.locator('.part').first().getByText(text).first().waitFor()
  }
  await looks('evidence-zh')
  await page.locator('.switch').click()
  await page.locator('.verdict', { hasText: 'Holds' }).waitFor()
  await page.getByText('word by word').first().waitFor()
  await looks('evidence-en')
  await page.locator('.switch').click()
  expect(desk.complaints).toEqual([])
})

/** The first number that stands for a row of a kind. */
async function numberOf(kind: string): Promise<number> {
  for (let number = 1; ; number++) {
    await page.locator('#number').fill(String(number))
    await page.locator('.lookup button[type=submit]').click()
    const head = page.locator('.source h3', { hasText: new RegExp(`^${String(number)}\\s`) })
    await head.waitFor()
    if (!(await head.innerText()).includes(kind)) continue
    if ((await page.locator('.sum').count()) === 0) return number
  }
}

test('one changed byte is named, and no verdict is given for what rests on it', async () => {
  const bytes = readFileSync(sample)
  const at = bytes.indexOf('第1季度未公示') // in a table of rows
  bytes[at] = (bytes[at] ?? 0) ^ 1
  const changed = join(folder, 'changed.zip')
  writeFileSync(changed, bytes)
  await give(changed)
  await page.locator('.verdict.fails').waitFor()
  await page.getByText(`ZIP 第 ${String(at)} 字節`).waitFor()
  await looks('evidence-bad')
})

test('what is no evidence is refused in words', async () => {
  const other = join(folder, 'other.zip')
  writeFileSync(other, 'nothing of the kind')
  await give(other)
  await page.getByText('不是證據包，或者開頭和結尾都已損壞', { exact: true }).waitFor()
  expect(desk.complaints).toEqual([])
})
