/** What the screens may ask of the store about the map that the phone carries. */
import type { Contact } from './contact'
import type { Database } from './database'
import { askMap, dropMap, fetchMap, mapFile, mapStatus, type MapStatus } from './map'
import type { MapFiles } from './mapFiles'

/** The part of the service that is about the map. */
export interface MapService {
  readonly mapStatus: () => Promise<MapStatus>
  /** Asks what headquarters offers. */
  readonly askMap: () => Promise<void>
  /** Fetches it, or the rest of it; resolves when it can be shown, or was stopped. */
  readonly fetchMap: () => Promise<void>
  /** Stops fetching; what is here stays. */
  readonly stopMap: () => Promise<void>
  readonly dropMap: () => Promise<void>
  /** The file to show; null when none is here. */
  readonly mapFile: () => Promise<Blob | null>
}

/** What that part is made of. */
export interface MapServiceParts {
  readonly database: Database
  readonly files: MapFiles
  readonly contact: () => Promise<Contact>
  readonly progress: (fetched: number) => void
  readonly changed: () => void
}

/** Puts that part together. */
export function mapService(parts: MapServiceParts): MapService {
  const { database, files, contact, progress, changed } = parts
  let stop = new AbortController()
  let running: Promise<void> | undefined
  const run = async () => {
    stop = new AbortController()
    const { signal } = stop
    try {
      await fetchMap({ contact: await contact(), files, signal, progress })
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
  const halt = async () => {
    stop.abort()
    await running?.catch(() => undefined)
  }
  return {
    mapStatus: () => mapStatus(database, files),
    mapFile: () => mapFile(database, files),
    askMap: async () => {
      await askMap(await contact())
      changed()
    },
    fetchMap: () => {
      running ??= run().finally(() => {
        running = undefined
        changed()
      })
      return running
    },
    stopMap: halt,
    dropMap: async () => {
      await halt()
      await dropMap(database, files)
      changed()
    },
  }
}
