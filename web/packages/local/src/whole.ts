/** The whole store, as the worker serves it once the first screen has what it needs. */
import { browserBundleFiles } from './bundleFiles'
import type { Database } from './database'
import { eraseBrowser } from './erase'
import { browserKeys } from './keys'
import { browserMapFiles } from './mapFiles'
import { openPhotoFiles } from './photoFiles'
import { browserDecode } from './photoImage'
import { createService, type Service, type StoreEvent } from './service'
import { browserTalkFiles } from './talkFiles'
import { sweep } from './uploadBytes'
import { browserLine, watchLine } from './uploadLine'

/** Opens the folders of files beside the database, and puts the service together. */
export async function openService(
  database: Database,
  tell: (event: StoreEvent) => void,
): Promise<Service> {
  const files = await openPhotoFiles()
  await sweep(database, files)
  const service = createService({
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
    tell,
  })
  watchLine(() => void service.sendPhotos())
  return service
}
