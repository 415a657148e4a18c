/** What an inspector does, in the words of the screens. */
import { expect } from 'vitest'
import type { Page } from 'playwright-core'

export const phoneSize = { width: 390, height: 844 }

export async function enrol(page: Page, code: string): Promise<void> {
  await page.getByTestId('enrol-code').fill(code)
  await page.getByTestId('enrol-submit').click()
  await page.getByTestId('visit-item').first().waitFor()
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
}

/** Opens the nth visit's findings. */
export async function openFindings(page: Page, nth = 0): Promise<void> {
  await home(page)
  await page.getByTestId('visit-item').nth(nth).click()
  await page.getByRole('tab', { name: '發現' }).click()
  await page.getByTestId('finding-new').waitFor()
}

export async function home(page: Page): Promise<void> {
  await go(page, '#/')
  await page.getByTestId('visit-item').first().waitFor()
}

/** The name of the team whose visits the phone lists. */
export async function teamOf(page: Page): Promise<string> {
  await home(page)
  return page.locator('.summary strong').innerText()
}

/** Goes to an address of the app, once it is there. */
export async function go(page: Page, hash: string): Promise<void> {
  await page.getByTestId('page-title').waitFor()
  await page.evaluate((to) => {
    location.hash = to
  }, hash)
}

/** Records a finding and waits until the screen says that it is saved. */
export async function recordFinding(
  page: Page,
  finding: { readonly title: string; readonly detail: string; readonly severity: string },
): Promise<void> {
  await page.getByTestId('finding-new').click()
  await page.getByTestId('finding-title').fill(finding.title)
  await page.getByTestId('finding-detail').fill(finding.detail)
  await page.getByTestId(`finding-severity-${finding.severity}`).click()
  await page.getByTestId('finding-submit').click()
  await page.getByTestId('finding-item').filter({ hasText: finding.title }).first().waitFor()
}

/** Changes a finding's severity. */
export async function changeSeverity(page: Page, title: string, severity: string): Promise<void> {
  await page.getByTestId('finding-item').filter({ hasText: title }).first().click()
  await page.getByTestId('finding-edit').click()
  await page.getByTestId(`finding-severity-${severity}`).click()
  await page.getByTestId('finding-save').click()
  await page.getByTestId('finding-edit').waitFor()
}

/** Syncs by hand and waits until nothing waits. */
export async function sync(page: Page): Promise<void> {
  await go(page, '#/sync')
  const button = page.getByTestId('sync-now')
  await button.waitFor()
  await expect.poll(async () => button.isEnabled(), { timeout: 30_000 }).toBe(true)
  await button.click()
  await expect
    .poll(async () => page.getByTestId('sync-status').innerText(), { timeout: 60_000 })
    .toMatch(/全部記錄已送達總部|還沒有記錄/)
  await expect.poll(async () => button.isEnabled(), { timeout: 60_000 }).toBe(true)
}
