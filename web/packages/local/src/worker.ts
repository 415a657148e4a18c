/** The dedicated worker that owns the database. One per browser: see the page's lock. */
import { openPool, type Database } from './database'
import { browserBundleFiles } from './bundleFiles'
import { eraseBrowser } from './erase'
import { browserHasRoom, failureByRoom } from './full'
import { browserKeys } from './keys'
import { browserMapFiles } from './mapFiles'
import { openPhotoFiles, type PhotoFiles } from './photoFiles'
import { browserDecode } from './photoImage'
import type { FromWorker, ToWorker } from './rpc'
import { createService, type Service } from './service'
import { browserTalkFiles } from './talkFiles'
import { sweep } from './uploadBytes'
import { browserLine, watchLine } from './uploadLine'

declare const self: DedicatedWorkerGlobalScope

function post(message: FromWorker): void {
  self.postMessage(message)
}

function serve(database: Database, files: PhotoFiles): Service {
  return createService({
    store: {
      database,
      clock: () => new Date().getTime(),
      random: (count) => crypto.getRandomValues(new Uint8Array(count)),
    },
    server: { origin: self.location.origin, fetch: (request) => fetch(request) },
    keys: browserKeys(),
    talkFiles: browserTalkFiles(),
    mapFiles: browserMapFiles(),
    bundles: browserBundleFiles(),
    erase: eraseBrowser,
    version: self.name,
    photos: { files, decode: browserDecode, line: browserLine },
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
    post({ kind: 'failed', call, failure: await failureByRoom(error, browserHasRoom) })
  }
}

async function start(): Promise<void> {
  try {
    const database = await openPool()
    const files = await openPhotoFiles()
    await sweep(database, files)
    const service = serve(database, files)
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
    watchLine(() => void service.sendPhotos())
    post({ kind: 'ready' })
  } catch (error) {
    post({ kind: 'unopened', failure: await failureByRoom(error, browserHasRoom) })
  }
}

void start()
