/** What a team does at a unit, in the words of the screens. */
import { expect } from 'vitest'
import type { Locator, Page } from 'playwright-core'

import { go } from './field'
import type { Shot } from './shots'

const visitAddress = /#\/visit\/[0-9a-f-]{36}/

/** The address of the visit whose page, or a page of which, opens or is open. */
export async function visitOf(page: Page): Promise<string> {
  await page.waitForURL(visitAddress) // A tap comes before the page it opens.
  return visitAddress.exec(page.url())?.[0] ?? ''
}

/** Goes to what is next in the drawn order; gives its address. */
export async function openNext(page: Page): Promise<string> {
  await go(page, '#/')
  await page.getByTestId('next-visit').click()
  await page.getByTestId('visit-unit').waitFor()
  return visitOf(page)
}

/** Says what was seen about one problem or commitment. */
export async function verify(page: Page, item: Locator, outcome: string): Promise<void> {
  await item.click()
  await page.getByTestId(`verify-outcome-${outcome}`).click()
  await page.getByTestId('verify-note').fill('現場查看，與臺賬核對。')
  await page.getByTestId('verify-save').click()
  await page.getByTestId('verify-save').waitFor({ state: 'detached' })
}

/** Puts photos into the form that is open, until it shows all of them. */
export async function addPhotos(page: Page, shots: readonly Shot[]): Promise<void> {
  await shown(page, shots.length, () =>
    page.getByTestId('photo-input-gallery').setInputFiles([...shots]),
  )
}

/** The same with files, as a person chooses them: their bytes do not come by way of the page. */
export async function addPhotoFiles(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const expression = 'document.querySelector("[data-testid=photo-input-gallery]")'
  const { result } = await session.send('Runtime.evaluate', { expression })
  await shown(page, files.length, () =>
    session.send('DOM.setFileInputFiles', { files: [...files], objectId: result.objectId ?? '' }),
  )
  await session.detach()
}

/** Waits until all that was typed into forms is kept on the phone. */
export async function typedIsKept(page: Page): Promise<void> {
  await page.locator('html[data-typed=kept]').waitFor({ state: 'attached' })
}

/** Waits until a form shows so many photos more. */
async function shown(page: Page, more: number, add: () => Promise<unknown>): Promise<void> {
  const drafts = page.getByTestId('photo-draft').locator('img')
  const before = await drafts.count()
  await add()
  const count = () => drafts.count()
  await expect.poll(count, { timeout: 60_000, interval: 50 }).toBe(before + more)
}

/** Answers a question of the checklist by a tap or a number. */
export async function answer(item: Locator): Promise<void> {
  const number = item.getByTestId('answer-number')
  if ((await number.count()) > 0) {
    await number.fill('３')
    await number.press('Enter')
  } else {
    await item
      .getByTestId(/^answer-(yes|4|1)$/)
      .last()
      .click()
  }
  await expect.poll(async () => item.getAttribute('data-answered')).toBe('true')
}

/** Says that the team is there, and means it. */
export async function arrive(page: Page): Promise<void> {
  await page.getByTestId('visit-arrive').click()
  await page.locator('.van-dialog__confirm').click()
}

/** The unit's representative says a name and signs on the glass. */
export async function sign(page: Page, visit: string): Promise<void> {
  await go(page, `${visit}/signoff`)
  await page.getByTestId('signoff-summary').waitFor()
  await page.getByTestId('signoff-name').fill('趙同舟')
  await page.getByTestId('signoff-duty').fill('村支部書記')
  await write(page)
}

/** Draws two strokes on the pad. */
async function write(page: Page): Promise<void> {
  const pad = page.getByTestId('signature-pad')
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  if (!box) throw new Error('the pad is not on the screen')
  for (const [from, to] of [
    [0.2, 0.4],
    [0.45, 0.8],
  ] as const) {
    await page.mouse.move(box.x + from * box.width, box.y + 60)
    await page.mouse.down()
    for (let step = 0; step <= 12; step++) {
      const along = from + ((to - from) * step) / 12
      await page.mouse.move(box.x + along * box.width, box.y + 100 + 40 * Math.sin(step))
    }
    await page.mouse.up()
  }
  await expect.poll(async () => pad.getAttribute('data-written')).toBe('true')
}

/** Saves the signature and ends the visit. */
export async function signOff(page: Page, visit: string): Promise<void> {
  await sign(page, visit)
  await page.getByTestId('signoff-save').click()
  await page.getByTestId('signature-image').waitFor()
  await page.getByTestId('visit-close').click()
  await page.locator('.van-dialog').getByText('結束核查', { exact: true }).click()
  await page.getByTestId('visit-closed').waitFor()
}
