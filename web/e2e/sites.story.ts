/**
 * An auditor drops the files of villages into the verifier, which is a file itself, and
 * sees who was asked: at a desk and on a phone, in both languages, with no network.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'

import { fileOf, madeVillage, villageFile } from '../apps/verify/src/sites.testing'
import { Profile } from './browser'
import { deskSize, wholePicture } from './hq'

const verifier = join(import.meta.dirname, '../dist/verify/index.html')

interface Dropped {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Drops files as a person does from a folder. */
async function drop(page: Page, files: readonly Dropped[]): Promise<void> {
  const sent = files.map(({ name, bytes }) => ({ name, text: Buffer.from(bytes).toString('utf8') }))
  await page.evaluate((list) => {
    const dataTransfer = new DataTransfer()
    for (const { name, text } of list) dataTransfer.items.add(new File([text], name))
    const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
    document.querySelector('.drop')?.dispatchEvent(event)
  }, sent)
}

const certificate = { ...villageFile('certificate.json'), name: 'c' }
const record = { ...villageFile('record.json'), name: 'b' }
const roster = { ...villageFile('roster.csv'), name: 'a' }

test.each([
  { on: 'desk', size: deskSize },
  { on: 'phone', size: { width: 390, height: 844 } },
])('villages are verified on a $on', async ({ on, size }) => {
  const profile = new Profile(size)
  const asked: string[] = []
  try {
    const page = await profile.open(`file://${verifier}`)
    page.on('request', (request) => asked.push(request.url()))
    await drop(page, [roster, { name: 'x.pdf', bytes: Uint8Array.of(0x25) }, record])
    await page.getByText('還缺：抽取憑證').first().waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('x.pdf')

    await drop(page, [certificate])
    await page.getByText('成立', { exact: true }).waitFor()
    expect(await page.locator('.asked tbody tr').count()).toBe(5)
    expect(await page.locator('.asked').textContent()).toContain('拒訪')
    await fits(page, `verifier-site-${on}`)

    const [good, forged] = [madeVillage(2), madeVillage(3)]
    const skipped = { ...forged.record, contacts: forged.record.contacts.slice(3) }
    await drop(page, [forged.roster, fileOf(good.record), good.roster, fileOf(skipped)])
    await page.getByText('2 個現場成立，1 個不成立').waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.locator('.entry').first().locator('summary').click()
    expect(await page.locator('.entry').first().textContent()).toContain('it is not the turn of')
    await fits(page, `verifier-sites-${on}`)
    expect(asked.filter((address) => !address.startsWith('blob:'))).toEqual([])
    expect(profile.complaints).toEqual([])
  } finally {
    await profile.remove()
  }
})

/** Wants the page to need no scrolling to the side, and keeps a picture. */
async function fits(page: Page, name: string): Promise<void> {
  const over = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })
  expect(over).toBe(0)
  await wholePicture(page, name)
}

test('the verifier stays a small file', () => {
  expect(readFileSync(verifier).length).toBeLessThan(130_000)
})
