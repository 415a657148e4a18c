/** Two people open a sealed interview at headquarters' console, and the record of it is checked. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { expectNoBarriers } from './axe'
import type { Profile } from './browser'
import { signIn, wholePicture, wholly } from './hq'
import { Office } from './office'
import type { Ready } from './server'

const second = { login: 'second-reader', name: '覆核人', role: 'reviewer' }

/** Signs in as another person. */
async function changePerson(page: Page, ready: Ready): Promise<void> {
  await page.goto('about:blank') // Else the page may yet ask for something without its cookie.
  await page.context().clearCookies()
  await page.goto(`${new URL(ready.hq).origin}/hq/#/login`)
  await signIn(page, ready)
}

async function show(page: Page, name: 'sealed' | 'audit'): Promise<void> {
  await page.getByTestId(`nav-${name}`).click()
}

/** What a sealed interview says once two people have opened it, who said it included. */
export async function openedByTwo(
  desk: Profile,
  ready: Ready,
  data: string,
  code: string,
): Promise<string> {
  const office = await Office.signIn(ready)
  const { password } = await office.global<{ password: string }>('/accounts', second)
  const other = { ...ready, hq_login: second.login, hq_password: password }
  const access = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')) as { seal_key: string }
  const key = join(desk.folder, 'seal.key')
  writeFileSync(key, `# 訪談私鑰\n${access.seal_key}\n`)

  const page = await desk.open(ready.hq)
  await signIn(page, ready)
  await show(page, 'sealed')
  const card = page.getByTestId('sealed-interview').filter({ hasText: code })
  await card.getByTestId('sealed-ask').click()
  await page.getByTestId('sealed-part').selectOption('identity')
  await page.getByTestId('sealed-reason').fill('核對第 12 號發現所指的線索')
  await page.getByTestId('sealed-ask-submit').click()
  await card.getByTestId('unsealing').waitFor()
  expect(await card.getByTestId('unsealing-agree').count(), 'nobody agrees to their own').toBe(0)
  await wholly(page, () => expectNoBarriers(page, 'sealed'))

  await changePerson(page, other)
  await show(page, 'sealed')
  await card.getByTestId('unsealing-agree').click()
  await expect.poll(() => card.getByTestId('unsealing-agree').count()).toBe(0)
  expect(await card.getByTestId('unsealing-open').count(), 'only who asked reads').toBe(0)

  await changePerson(page, ready)
  await show(page, 'sealed')
  await wholePicture(page, 'sealed-agreed')
  await card.getByTestId('unsealing-open').click()
  await page.getByTestId('sealed-key').setInputFiles(key)
  await page.getByTestId('sealed-open-submit').click()
  const talk = page.getByTestId('sealed-talk')
  await talk.waitFor()
  await wholePicture(page, 'sealed-open')
  const text = await talk.innerText()
  await page.keyboard.press('Escape')
  await talk.waitFor({ state: 'detached' })
  await audited(page)
  return text
}

/** The audit log has each step, and both checks find nothing wrong. */
async function audited(page: Page): Promise<void> {
  await show(page, 'audit')
  await page.getByTestId('audit-line').first().waitFor()
  const kinds = await page
    .getByTestId('audit-line')
    .evaluateAll((lines) => lines.map((line) => line.getAttribute('data-kind')))
  expect(kinds).toEqual(
    expect.arrayContaining(['login', 'ask-unsealing', 'decide-unsealing', 'sealed-interview']),
  )
  await page.getByTestId('verify-history').click()
  await page.getByTestId('history-good').waitFor()
  await page.getByTestId('verify-log').click()
  await page.getByTestId('log-good').waitFor()
  await wholly(page, () => expectNoBarriers(page, 'audit'))
  await wholePicture(page, 'audit')
}
