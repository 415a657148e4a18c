/** The one bundle that is being saved or shared: in OPFS, and in memory under test. */
import { join, type Bytes } from '@sansuiji/protocol'

import { PhotoError } from './photo'

/** Keeps a bundle's file until it was saved elsewhere. */
export interface BundleFiles {
  /** Writes it in place of any other. It fails with no-space, and then there is none. */
  readonly write: (stream: ReadableStream<Uint8Array>) => Promise<Blob>
  readonly remove: () => Promise<void>
}

const folderName = 'bundle'
const fileName = 'bundle'

/** The file in this browser. Only in a dedicated worker. */
export function browserBundleFiles(): BundleFiles {
  const root = () => navigator.storage.getDirectory()
  const remove = async () => {
    await (await root()).removeEntry(folderName, { recursive: true }).catch(() => undefined)
  }
  return {
    remove,
    write: async (stream) => {
      await remove()
      const folder = await (await root()).getDirectoryHandle(folderName, { create: true })
      const handle = await folder.getFileHandle(fileName, { create: true })
      try {
        await fill(handle, stream)
      } catch (error) {
        await remove()
        const full = error instanceof DOMException && error.name === 'QuotaExceededError'
        throw full ? new PhotoError('no-space', String(error)) : error
      }
      return handle.getFile()
    },
  }
}

async function fill(
  handle: FileSystemFileHandle,
  stream: ReadableStream<Uint8Array>,
): Promise<void> {
  const access = await handle.createSyncAccessHandle()
  try {
    const reader = stream.getReader()
    let at = 0
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const written = access.write(next.value, { at })
      // Some browsers tell of a full disk by this alone.
      if (written !== next.value.length) throw new PhotoError('no-space', `${written} at ${at}`)
      at += written
    }
    access.flush()
  } finally {
    access.close()
  }
}

/** A file that lasts as long as the page. For tests. */
export function memoryBundleFiles(): BundleFiles {
  return {
    write: async (stream) => {
      const parts: Bytes[] = []
      const reader = stream.getReader()
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        parts.push(Uint8Array.from(next.value))
      }
      return new Blob([join(...parts)])
    },
    remove: () => Promise.resolve(),
  }
}
