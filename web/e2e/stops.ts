/**
 * Stops the store for ever at a point, so that its browser is killed just there. The points
 * are set from outside, in what the browser gives the worker: the program knows nothing of
 * them, so there is nothing in it that a stranger could use.
 */
import type { Page, Worker } from 'playwright-core'

import { forgetEnds, stopStore, waitFirst } from './standstill'

/** A point: from when on the store watches for it, and what it is about to do there. */
interface Stop {
  /** A call of a screen, or an answer of headquarters; without either from now on. */
  readonly after?: { readonly call: string } | { readonly answer: RegExp }
  readonly before:
    /** A page is written into the database's log. */
    | 'page'
    /** The last page of a transaction is: SQLite has committed when it is there. */
    | 'commit'
    /** A page is written into the database itself. */
    | 'database'
    /** The screen is told something. */
    | 'telling'
    | { readonly request: RegExp }
    /** Headquarters has done it, and its answer is read. */
    | { readonly answer: RegExp }
    /** A file of photos or of interviews is opened. */
    | { readonly file: RegExp }
    /** The second half of such a file is written. */
    | 'half-file'
    | { readonly removing: RegExp }
    | 'decrypting'
  /** The how-manyeth time; the first without it. */
  readonly nth?: number
}

const saving = (call: string, before: Stop['before'], nth = 1): Stop => {
  return { after: { call }, before, nth }
}
const uploading = /\/photos\/upload\//
const pulled = { answer: /\/pull\?/ }

/** The points by name. */
export const stops = {
  'enrolling, headquarters not asked': { before: { request: /\/enrol$/ } },
  'enrolling, answer not read': { before: { answer: /\/enrol$/ } },
  'enrolling, answer not kept': { after: { answer: /\/enrol$/ }, before: 'commit' },
  'updating, journal not changed': { before: 'database' },
  'updating, nothing written': { before: 'page' },
  'updating, half written': { before: 'page', nth: 3 },
  'updating, not committed': { before: 'commit' },
  'first download, half a page in': { after: pulled, before: 'page', nth: 3 },
  'saving, nothing written': saving('saveFinding', 'page'),
  'saving, half written': saving('saveFinding', 'page', 3),
  'saving, not committed': saving('saveFinding', 'commit'),
  'saving, committed and not told': saving('saveFinding', 'telling'),
  'photo, preview alone': saving('keepPhoto', { file: /^[0-9a-f]{64}$/ }),
  'photo, half a file': saving('keepPhoto', 'half-file', 2),
  'photo, no form knows it': saving('keepPhoto', 'telling'),
  'photo, its row not committed': saving('saveFinding', 'commit'),
  'sending, piece not sent': { before: { request: uploading }, nth: 3 },
  'sending, answer not read': { before: { answer: uploading }, nth: 3 },
  'pushing, not sent': { before: { request: /\/push/ } },
  'pushing, answer not read': { before: { answer: /\/push/ } },
  'pushing, answer half kept': { after: { answer: /\/push/ }, before: 'commit' },
  'pulling, page not read': { before: pulled },
  'pulling, half applied': { after: pulled, before: 'page', nth: 3 },
  'pulling, not committed': { after: pulled, before: 'commit' },
  'sealing, nothing opened': saving('sealTalk', 'decrypting'),
  'sealing, not committed': saving('sealTalk', 'commit'),
  'sealing, key not overwritten': saving('sealTalk', { file: /\.key$/ }, 2),
  'sealing, key not removed': saving('sealTalk', { removing: /\.key$/ }),
  'signing off, not committed': saving('saveSignoff', 'commit'),
  'signing off, committed and not told': saving('saveSignoff', 'telling'),
} satisfies Record<string, Stop>

export type StopName = keyof typeof stops

/** Lets the open store stop at a point. */
export async function stopAt(page: Page, name: StopName): Promise<void> {
  await (await storeOf(page)).evaluate(scriptFor(name))
}

/** Does something that brings the store to its point, and waits until it has come there. */
export async function stopped(page: Page, act: () => Promise<unknown>): Promise<void> {
  const there = page.waitForEvent('console', {
    predicate: (message) => message.text() === 'the store stands still',
    timeout: 20_000,
  })
  await act()
  await there
}

/** Takes from the open store what makes a save durable: the log's end stays in memory. */
export async function forgetCommits(page: Page): Promise<void> {
  await (await storeOf(page)).evaluate(`(${forgetEnds.toString()})()`)
}

/** Lets the open store be busy for so many milliseconds before it saves a finding. */
export async function slowSaves(page: Page, millis: number): Promise<void> {
  await (await storeOf(page)).evaluate(waitFirst, millis)
}

/** Runs a script in the open store. */
export async function inStore(page: Page, script: string): Promise<void> {
  await (await storeOf(page)).evaluate(script)
}

/** The store's worker, once it is there. */
async function storeOf(page: Page): Promise<Worker> {
  const isStore = (one: Worker) => one.url().includes('worker')
  const there = page.workers().find(isStore)
  return there ?? page.waitForEvent('worker', { predicate: isStore, timeout: 10_000 })
}

/** The script that stops a store at a point. */
export function scriptFor(name: StopName): string {
  const sent = JSON.stringify(stops[name], (_, value: unknown) =>
    value instanceof RegExp ? value.source : value,
  )
  return `(${stopStore.toString()})(${sent})`
}

/** Runs a script in the next store that this page starts, before it opens the database. */
export async function beforeNextStore(page: Page, script: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  session.on('Target.attachedToTarget', ({ sessionId }) => {
    const say = (id: number, method: string, params: object) =>
      session.send('Target.sendMessageToTarget', {
        sessionId,
        message: JSON.stringify({ id, method, params }),
      })
    say(1, 'Runtime.evaluate', { expression: withSQLite(script) })
      .then(() => say(2, 'Runtime.runIfWaitingForDebugger', {}))
      .catch(() => undefined) // the browser was killed meanwhile
  })
  const params = { autoAttach: true, waitForDebuggerOnStart: true, flatten: false }
  await session.send('Target.setAutoAttach', params)
}

/** A script that runs another one when SQLite is loaded: before, a worker has no files yet. */
function withSQLite(script: string): string {
  return `{
    const [load, stream] = [WebAssembly.instantiate, WebAssembly.instantiateStreaming]
    const first = () => {
      Object.assign(WebAssembly, { instantiate: load, instantiateStreaming: stream });
      ${script};
    }
    WebAssembly.instantiate = (...given) => (first(), load(...given))
    WebAssembly.instantiateStreaming = (...given) => (first(), stream(...given))
  }`
}
