/** What a page and its store take, seen from inside of both. */
import { readFileSync } from 'node:fs'

import type { Page } from 'playwright-core'

/** How much slower than this computer a phone is. */
export const slowdown = 4

/** Slows the page down. Chromium does not slow down workers: see `withWorker`. */
export async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
}

/** A time with the page slowed down, and what the worker had to do in it slowed down too. */
export function withWorker(millis: number, workerMillis: number): number {
  return millis + (slowdown - 1) * workerMillis
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
  /** While the store was asked for something. */
  asked: [number, number][]
}

/** Lets the pages to come write down what happens when. Call it before the app is opened. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(watchPage)
}

export async function watched(page: Page): Promise<Watched> {
  return page.evaluate(() => (window as unknown as { watched: Watched }).watched)
}

function watchPage(): void {
  const now = () => performance.now()
  const none = { usable: undefined, began: 0, opened: 0, tapped: 0, saved: 0, asked: [] }
  const seen: Watched = { ...none }
  Object.assign(window, { watched: seen })
  const NativeWorker = window.Worker
  window.Worker = class extends NativeWorker {
    readonly #calls = new Map<number, { at: number; method: string }>()

    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      seen.began = now()
      this.addEventListener('message', ({ data }: MessageEvent<{ kind: string; call: number }>) => {
        if (data.kind === 'ready') seen.opened = now()
        if (data.kind !== 'done') return
        const call = this.#calls.get(data.call)
        if (call) seen.asked.push([call.at, now()])
        if (call?.method === 'saveFinding') seen.saved = now()
      })
    }

    override postMessage(message: { call: number; method: string }): void {
      this.#calls.set(message.call, { at: now(), method: message.method })
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
    if (document.querySelector('[data-testid=visit-item]')) seen.usable = now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

/** How long the worker was at work until a moment: what overlaps counts once. */
export function workOf({ began, opened, asked }: Watched, until: number): number {
  let [sum, end] = [opened - began, opened]
  for (const [from, to] of [...asked].sort(([a], [b]) => a - b)) {
    if (from >= until) break
    sum += Math.max(0, Math.min(to, until) - Math.max(from, end))
    end = Math.max(end, Math.min(to, until))
  }
  return sum
}

/** Lets the open store write down how long each save takes it. */
export async function watchSaves(page: Page): Promise<void> {
  const worker = page.workers().find((one) => one.url().includes('worker'))
  await worker?.evaluate(() => {
    const took: number[] = []
    Object.assign(self, { took })
    const hear = self.onmessage as ((event: Event) => void) | null
    const post = self.postMessage.bind(self) as (message: unknown) => void
    let [call, begun] = [-1, 0]
    self.onmessage = (event: MessageEvent<{ call: number; method: string }>) => {
      if (event.data.method === 'saveFinding') {
        call = event.data.call
        begun = performance.now()
      }
      if (hear) Reflect.apply(hear, self, [event])
    }
    self.postMessage = (message: { kind: string; call: number }) => {
      if (message.kind === 'done' && message.call === call) took.push(performance.now() - begun)
      post(message)
    }
  })
}

export async function savesOf(page: Page): Promise<readonly number[]> {
  const worker = page.workers().find((one) => one.url().includes('worker'))
  return (await worker?.evaluate(() => (self as unknown as { took: number[] }).took)) ?? []
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
