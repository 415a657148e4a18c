/** What a page and its store take, seen from inside of both. */
import { readFileSync } from 'node:fs'

import type { Page } from 'playwright-core'

/** How much slower than this computer a phone is. */
export const slowdown = 4

/**
 * Slows the page down; gives the way to change that. Chromium does not slow down workers: see
 * `withWorker` and `usableSlow`.
 */
export async function slowDown(page: Page): Promise<(rate: number) => Promise<void>> {
  const session = await page.context().newCDPSession(page)
  const set = async (rate: number) => {
    await session.send('Emulation.setCPUThrottlingRate', { rate })
  }
  await set(slowdown)
  return set
}

/**
 * A time with the page slowed down, and what the worker had to do in it slowed down too. That
 * a disk takes its time is no work.
 */
export function withWorker(millis: number, { took, flushing }: Save): number {
  return millis + (slowdown - 1) * (took - flushing)
}

/** What is written down in a page. Milliseconds since it was begun. */
interface Watched {
  /** The list of visits was there and painted. */
  usable: number | undefined
  /** The store's worker began, and was open. */
  began: number
  opened: number
  /** The button that saves was tapped, and the store had answered. */
  tapped: number
  saved: number
  /** The list of visits came. */
  listed: number
}

/** Lets the pages to come write down what happens when. Call it before the app is opened. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(watchPage)
}

/** What was written down, after a time in which the page is left alone. Milliseconds. */
export async function watched(page: Page, after = 0): Promise<Watched> {
  await page.waitForTimeout(after)
  return page.evaluate(() => (window as unknown as { watched: Watched }).watched)
}

/** What the worker says, as far as it is watched. */
interface Said {
  readonly kind: string
  readonly call: number
  readonly ahead: Readonly<Record<string, number>>
}

function watchPage(): void {
  const now = () => performance.now()
  const none = { usable: undefined, began: 0, opened: 0, tapped: 0, saved: 0, listed: 0 }
  const seen: Watched = { ...none }
  Object.assign(window, { watched: seen })
  const NativeWorker = window.Worker
  window.Worker = class extends NativeWorker {
    readonly #calls = new Map<number, string>()

    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      seen.began = now()
      this.addEventListener('message', ({ data }: MessageEvent<Said>) => {
        if (data.kind === 'ready') {
          seen.opened = now()
          // The store says which calls it answers before they are made.
          for (const [method, call] of Object.entries(data.ahead)) this.#calls.set(call, method)
        }
        if (data.kind !== 'done') return
        const method = this.#calls.get(data.call)
        if (method === 'visits') seen.listed ||= now()
        if (method === 'saveFinding') seen.saved = now()
      })
    }

    override postMessage(message: { call: number; method: string }): void {
      this.#calls.set(message.call, message.method)
      super.postMessage(message)
    }
  }
  document.addEventListener(
    'click',
    ({ target }) => {
      const button = target instanceof Element && target.closest('[data-testid=finding-submit]')
      if (button) seen.tapped = now()
    },
    true,
  )
  const look = () => {
    // The next task is after the frame that shows it.
    if (!document.querySelector('[data-testid=visit-item]')) requestAnimationFrame(look)
    else setTimeout(() => (seen.usable = now()))
  }
  requestAnimationFrame(look)
}

/**
 * When the app would be usable with page and worker slowed down, which work side by side: from
 * a start with the page slowed down, and one in full haste. Milliseconds.
 */
export function usableSlow(slow: Watched, unhurried: Watched): number {
  const usable = slow.usable ?? NaN
  const worker = slow.began + slowdown * (unhurried.listed - unhurried.began)
  return Math.max(usable, worker + usable - slow.listed)
}

/** What a save takes the store, milliseconds: in all, and waiting until it is on the disk. */
interface Save {
  readonly took: number
  readonly flushing: number
}

/** Lets the open store write down how long each save takes it. */
export async function watchSaves(page: Page): Promise<void> {
  const worker = page.workers().find((one) => one.url().includes('worker'))
  await worker?.evaluate(() => {
    const saves: Save[] = []
    Object.assign(self, { saves })
    const files = FileSystemSyncAccessHandle.prototype
    const flush = Reflect.get<FileSystemSyncAccessHandle, 'flush'>(files, 'flush')
    let flushing = 0
    files.flush = function (this: FileSystemSyncAccessHandle) {
      const from = performance.now()
      flush.call(this)
      flushing += performance.now() - from
    }
    const hear = self.onmessage as ((event: Event) => void) | null
    const post = self.postMessage.bind(self) as (message: unknown) => void
    let [call, begun] = [-1, 0]
    self.onmessage = (event: MessageEvent<{ call: number; method: string }>) => {
      if (event.data.method === 'saveFinding') {
        call = event.data.call
        begun = performance.now()
        flushing = 0
      }
      if (hear) Reflect.apply(hear, self, [event])
    }
    self.postMessage = (message: { kind: string; call: number }) => {
      if (message.kind === 'done' && message.call === call) {
        saves.push({ took: performance.now() - begun, flushing })
      }
      post(message)
    }
  })
}

export async function savesOf(page: Page): Promise<readonly Save[]> {
  const worker = page.workers().find((one) => one.url().includes('worker'))
  return (await worker?.evaluate(() => (self as unknown as { saves: Save[] }).saves)) ?? []
}

/** Private memory of the process that has the page and its worker. Megabytes. */
export async function privateMemory(page: Page): Promise<number> {
  const browser = page.context().browser()
  if (!browser) throw new Error('no browser')
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => readFileSync(`/proc/${String(id)}/smaps_rollup`, 'utf8'))
    .map((text) =>
      [...text.matchAll(/^Private_\w+: +(\d+) kB/gm)].reduce((sum, [, n]) => sum + Number(n), 0),
    )
  return Math.max(...sizes) / 1024
}
