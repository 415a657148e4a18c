/** The dedicated worker that owns the database. One per browser: see the page's lock. */
import { openPool, type Database } from './database'
import { failureOf } from './failure'
import { browserKeys } from './keys'
import type { FromWorker, ToWorker } from './rpc'
import { createService, type Service } from './service'

declare const self: DedicatedWorkerGlobalScope

function post(message: FromWorker): void {
  self.postMessage(message)
}

function serve(database: Database): Service {
  return createService({
    store: {
      database,
      clock: () => new Date().getTime(),
      random: (count) => crypto.getRandomValues(new Uint8Array(count)),
    },
    server: { origin: self.location.origin, fetch: (request) => fetch(request) },
    keys: browserKeys(),
    tell: (event) => {
      post({ kind: 'event', event })
    },
  })
}

async function answer(service: Service, message: ToWorker & { kind: 'call' }): Promise<void> {
  const { call, method, args } = message
  try {
    const perform = service[method] as (...args: readonly unknown[]) => Promise<unknown>
    post({ kind: 'done', call, value: await perform(...args) })
  } catch (error) {
    post({ kind: 'failed', call, failure: failureOf(error) })
  }
}

async function start(): Promise<void> {
  try {
    const database = await openPool()
    const service = serve(database)
    self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
      switch (data.kind) {
        case 'call':
          void answer(service, data)
          return
        case 'close':
          database.close()
          post({ kind: 'closed' })
          return
      }
    }
    post({ kind: 'ready' })
  } catch (error) {
    post({ kind: 'unopened', failure: failureOf(error) })
  }
}

void start()
