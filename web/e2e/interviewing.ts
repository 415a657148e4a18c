/** What an interviewer does, in the words of the screens; and what an attacker reads. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Decrypter } from 'age-encryption'
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

/** Seals, up to the tap that confirms it, and with that tap unless it is left out. */
export async function startSealing(page: Page, confirm = true): Promise<void> {
  await page.getByTestId('interview-seal').click()
  const button = page.locator('.van-dialog__confirm')
  await (confirm ? button.click() : button.waitFor())
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

/** Records so many MiB of sound in a moment, by a recorder of the page's own, with a word in it. */
export async function speakAtLength(page: Page, word: string, mebibytes: number): Promise<void> {
  await page.evaluate(loudRecorder, { word, mebibytes })
  await page.getByTestId('sound-toggle').click()
  await page.locator('html[data-spoken]').waitFor({ state: 'attached', timeout: 60_000 })
  await page.waitForTimeout(1000)
}

/** Puts a recorder into the page that gives a mebibyte at a time. */
function loudRecorder({ word, mebibytes }: { word: string; mebibytes: number }): void {
  class Loud {
    static isTypeSupported = () => true
    state = 'inactive'
    ondataavailable: (event: { data: Blob }) => void = () => undefined
    onstop: () => void = () => undefined
    start() {
      this.state = 'recording'
      void this.speak()
    }
    stop() {
      this.state = 'inactive'
      setTimeout(() => {
        this.onstop()
      })
    }
    async speak() {
      for (let n = 0; n < mebibytes; n++) {
        const piece = new Uint8Array(1 << 20).fill(n)
        piece.set(new TextEncoder().encode(`OpusHead ${word} `))
        await new Promise((done) => setTimeout(done, 20))
        this.ondataavailable({ data: new Blob([piece]) })
      }
      document.documentElement.dataset['spoken'] = 'true'
    }
  }
  Reflect.set(window, 'MediaRecorder', Loud)
}

/** A sealed recording in headquarters' folder of attachments, opened with the demo's key. */
export async function openedSound(data: string, campaign: string, hash: string): Promise<Buffer> {
  const sealed = readFileSync(join(data, 'photos', campaign, hash.slice(0, 2), hash))
  return Buffer.from(await decrypterOf(data).decrypt(sealed))
}

function decrypterOf(data: string): Decrypter {
  const access = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')) as { seal_key: string }
  const decrypter = new Decrypter()
  decrypter.addIdentity(access.seal_key)
  return decrypter
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
  const decrypter = decrypterOf(data)
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
