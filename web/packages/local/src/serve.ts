/** Opens the database, answers what the first screen asks, and then has the rest follow. */
import { openPool, type Database } from './database'
import { firstService, type FirstService } from './first'
import type { FromWorker, ToWorker } from './rpc'
import type { Service } from './service'

declare const self: DedicatedWorkerGlobalScope

/** An open store. */
interface Opened {
  readonly database: Database
  readonly first: FirstService
  readonly whole: Promise<Service>
}

/** SQLite's code; null where it could not be compiled. */
type Compiled = Promise<WebAssembly.Module | null>

/** Calls that the page will make at once, answered before it does. */
const ahead = { identity: -1, isLeaving: -2, visits: -3 } as const

let opened: Promise<Opened> | undefined

/** Does what the page asks for. */
export async function hear(message: ToWorker, compiled: Compiled): Promise<void> {
  switch (message.kind) {
    case 'open':
      opened = open(compiled)
      opened.then(({ whole }) => whole).catch(tellUnopened)
      return
    case 'call':
      await answer(message.call, async () => perform(await openedNow(), message))
      return
    case 'close':
      ;(await openedNow()).database.close()
      post({ kind: 'closed' })
  }
}

async function open(compiled: Compiled): Promise<Opened> {
  const database = await openPool(await compiled, mark)
  const first = firstService(database)
  post({ kind: 'ready', ahead })
  await answer(ahead.identity, first.identity)
  await answer(ahead.isLeaving, first.isLeaving)
  await answer(ahead.visits, first.visits)
  mark('first')
  return { database, first, whole: openWhole(database) }
}

async function openWhole(database: Database): Promise<Service> {
  const { openService } = await import('./whole')
  const service = await openService(database, (event) => {
    post({ kind: 'event', event })
  })
  mark('whole')
  post({ kind: 'whole' })
  return service
}

async function openedNow(): Promise<Opened> {
  if (!opened) throw new Error('the store was not opened')
  return opened
}

async function perform(
  { first, whole }: Opened,
  { method, args }: ToWorker & { kind: 'call' },
): Promise<unknown> {
  const service: Partial<Service> = method in first ? first : await whole
  const asked = service[method] as (...args: readonly unknown[]) => Promise<unknown>
  return asked(...args)
}

async function answer(call: number, ask: () => Promise<unknown>): Promise<void> {
  try {
    post({ kind: 'done', call, value: await ask() })
  } catch (error) {
    post({ kind: 'failed', call, failure: await failureOf(error) })
  }
}

async function tellUnopened(error: unknown): Promise<void> {
  post({ kind: 'unopened', failure: await failureOf(error) })
}

/** What was thrown, as data. What sorts it is not wanted at most starts. */
async function failureOf(error: unknown) {
  const { browserHasRoom, failureByRoom } = await import('./full')
  return failureByRoom(error, browserHasRoom)
}

function post(message: FromWorker): void {
  self.postMessage(message)
}

/** A step of the start, for whoever looks where its time goes. */
function mark(step: string): void {
  performance.mark(`store ${step}`)
}
