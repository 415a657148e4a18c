/** The files of pictures: in OPFS, in a folder beside SQLite's, and in memory under test. */
import type { Bytes } from '@sansuiji/protocol'

import { PhotoError } from './photo'

/** Files by name: a hash, or a hash and `.small`. */
export interface PhotoFiles {
  /** Bytes of a file; nothing when it is not here. */
  readonly sizeOf: (name: string) => number | undefined
  readonly names: () => readonly string[]
  /** Writes a whole file. When it returns the file is durable; when it throws there is none. */
  readonly write: (name: string, bytes: Bytes) => Promise<void>
  readonly read: (name: string) => Promise<Blob | null>
  readonly remove: (name: string) => Promise<void>
}

/** Changing it loses sight of what is there. */
const folderName = 'attachments'

/** Opens the folder. Only in the worker that owns the database. */
export async function openPhotoFiles(): Promise<PhotoFiles> {
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle(folderName, { create: true })
  const sizes = new Map<string, number>()
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind !== 'file') continue
    sizes.set(name, (await handle.getFile()).size)
  }
  const remove = async (name: string) => {
    sizes.delete(name)
    await folder.removeEntry(name).catch(ignoreMissing)
  }
  return {
    sizeOf: (name) => sizes.get(name),
    names: () => [...sizes.keys()],
    remove,
    write: async (name, bytes) => {
      try {
        await writeFile(await folder.getFileHandle(name, { create: true }), bytes)
        sizes.set(name, bytes.length)
      } catch (error) {
        await remove(name).catch(() => undefined)
        throw isFull(error) ? new PhotoError('no-space', String(error)) : error
      }
    },
    read: async (name) => {
      if (!sizes.has(name)) return null
      return (await folder.getFileHandle(name)).getFile()
    },
  }
}

async function writeFile(handle: FileSystemFileHandle, bytes: Bytes): Promise<void> {
  const access = await handle.createSyncAccessHandle()
  try {
    access.truncate(0)
    const written = access.write(bytes, { at: 0 })
    // Some browsers tell of a full disk by this alone.
    if (written !== bytes.length) throw new PhotoError('no-space', `${written}/${bytes.length}`)
    access.flush()
  } finally {
    access.close()
  }
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}

function ignoreMissing(error: unknown): void {
  if (error instanceof DOMException && error.name === 'NotFoundError') return
  throw error
}

/** Files that last as long as the page. For tests; room is what fits in, in bytes. */
export function memoryPhotoFiles(room = Infinity): PhotoFiles {
  const files = new Map<string, Bytes>()
  return {
    sizeOf: (name) => files.get(name)?.length,
    names: () => [...files.keys()],
    write: (name, bytes) => {
      const used = [...files.values()].reduce((sum, { length }) => sum + length, 0)
      if (used + bytes.length > room) return Promise.reject(new PhotoError('no-space'))
      files.set(name, bytes)
      return Promise.resolve()
    },
    read: (name) => {
      const bytes = files.get(name)
      return Promise.resolve(bytes ? new Blob([bytes]) : null)
    },
    remove: (name) => {
      files.delete(name)
      return Promise.resolve()
    },
  }
}
