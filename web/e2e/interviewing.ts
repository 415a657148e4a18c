/** What an interviewer does, in the words of the screens; and what an attacker reads. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Decrypter } from 'age-encryption'
import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import sqlite3InitModule from '@sqlite.org/sqlite-wasm'

import { go } from './field'

/** What is typed into one interview. */
export interface Told {
  readonly words: readonly [string, string]
  readonly name: string
  readonly notes: string
}

/** Opens the list of interviews of the first visit; gives the visit's address. */
export async function openInterviews(page: Page): Promise<string> {
  await go(page, '#/')
  await page.getByTestId('visit-item').first().click()
  await page.getByTestId('interviews-card').click()
  await page.getByTestId('interview-start-other').waitFor()
  return page.evaluate(() => location.hash)
}

/** Begins an interview of somebody who was not drawn. */
export async function begin(page: Page, consent: 'given' | 'no-sound'): Promise<void> {
  await page.getByTestId('interview-start-other').click()
  await page.getByTestId('consent-text').waitFor()
  await page.getByTestId(`consent-${consent}`).click()
  await page.getByTestId('question').waitFor()
}

/** Answers all questions of the demo, whose fifth and sixth take words. */
export async function answerAll(page: Page, { words, name, notes }: Told): Promise<void> {
  const next = page.getByTestId('question-next')
  for (const tap of ['scale-4', 'scale-2', 'yesno-no', 'choice-3']) {
    await page.getByTestId(tap).click()
    await next.click()
  }
  for (const text of words) {
    await page.getByTestId('question-words').fill(text)
    await next.click()
  }
  await page.getByTestId('interview-notes').fill(notes)
  await page.getByTestId('interview-name').fill(name)
  await kept(page)
}

/** Waits until the screen says that all that was typed is kept. */
export async function kept(page: Page): Promise<void> {
  await page.locator('[data-testid=interview-kept][data-state=kept]').waitFor()
}

/** Seals, up to the tap that confirms it. */
export async function startSealing(page: Page): Promise<void> {
  await page.getByTestId('interview-seal').click()
  await page.locator('.van-dialog__confirm').click()
}

/** Seals and waits until the list shows it. */
export async function seal(page: Page): Promise<void> {
  await startSealing(page)
  await page.getByTestId('interview-start-other').waitFor()
}

/** The bytes of the keys that the browser keeps, as somebody reads them who has the phone. */
export async function keysOnDisk(page: Page): Promise<readonly Uint8Array[]> {
  const lists = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle('interviews', { create: true })
    const keys: number[][] = []
    for await (const [name, handle] of folder.entries()) {
      if (!name.endsWith('.key') || !(handle instanceof FileSystemFileHandle)) continue
      const file = await handle.getFile()
      keys.push([...new Uint8Array(await file.arrayBuffer())])
    }
    return keys
  })
  return lists.map((list) => Uint8Array.from(list))
}

/** Where an app is killed while it seals. Set in the worker: the program knows nothing of it. */
export type KillPoint = 'before-commit' | 'before-shredding' | 'before-removal'

/** Lets the store stop for ever at a point. */
export async function stopAt(page: Page, point: KillPoint): Promise<void> {
  await storeOf(page).evaluate((at) => {
    const scope = self as unknown as { reached: boolean }
    scope.reached = false
    const stop = () => {
      scope.reached = true
      return new Promise<never>(() => undefined)
    }
    const files = FileSystemFileHandle.prototype
    const open = Reflect.get(files, 'createSyncAccessHandle')
    switch (at) {
      case 'before-commit':
        crypto.subtle.decrypt = stop
        return
      case 'before-removal':
        FileSystemDirectoryHandle.prototype.removeEntry = stop
        return
      case 'before-shredding': {
        // The first that sealing opens is the key it reads, the next the key it overwrites.
        let opened = 0
        files.createSyncAccessHandle = function (this: FileSystemFileHandle) {
          opened += 1
          return opened === 1 ? open.call(this) : stop()
        }
      }
    }
  }, point)
}

/** Waits until the store has come to that point. */
export async function stopped(page: Page): Promise<void> {
  const reached = () =>
    storeOf(page).evaluate(() => (self as unknown as { reached: boolean }).reached)
  await expect.poll(reached, { timeout: 20_000 }).toBe(true)
}

function storeOf(page: Page) {
  const worker = page.workers().find((one) => /worker/.test(one.url()))
  if (!worker) throw new Error('the store has no worker')
  return worker
}

/** An interview as headquarters has it. */
export interface AtHeadquarters {
  /** What was sealed; empty for a refusal. */
  readonly document: string
  readonly scores: readonly number[]
}

/** Opens all interviews in a copy of headquarters' database with the demo's key. */
export async function opened(data: string, copy: string): Promise<readonly AtHeadquarters[]> {
  const sqlite3 = await sqlite3InitModule()
  const { capi, wasm } = sqlite3
  const bytes = readFileSync(copy)
  const database = new sqlite3.oo1.DB(':memory:')
  // A database in memory has no write-ahead log: bytes 18 and 19 say whether a file has one.
  bytes.fill(1, 18, 20)
  const at = wasm.alloc(bytes.length)
  wasm.heap8u().set(bytes, at)
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE
  capi.sqlite3_deserialize(database.pointer ?? 0, 'main', at, bytes.length, bytes.length, flags)
  const access = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')) as { seal_key: string }
  const decrypter = new Decrypter()
  decrypter.addIdentity(access.seal_key)
  const rows = database.selectObjects('SELECT * FROM interview ORDER BY consent_at')
  const marks = 'SELECT value FROM interview_score WHERE interview_id = ? ORDER BY value'
  return Promise.all(
    rows.map(async (row) => ({
      document:
        row['sealed'] instanceof Uint8Array ? await decrypter.decrypt(row['sealed'], 'text') : '',
      scores: database.selectValues(marks, [row['id'] as Uint8Array]).map(Number),
    })),
  )
}
