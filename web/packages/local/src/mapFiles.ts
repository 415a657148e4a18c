/** The files of maps: in OPFS, in a folder beside SQLite's, and in memory under test. */
import { copy, join, type Bytes } from '@sansuiji/protocol'

import { PhotoError } from './photo'

/** A flat folder. All is durable when a call resolves. */
export interface MapFiles {
  readonly names: () => Promise<readonly string[]>
  /** Bytes of a file; 0 when it is not there. */
  readonly sizeOf: (name: string) => Promise<number>
  /** Writes bytes at a place, where the file then ends. */
  readonly append: (name: string, bytes: Bytes, at: number) => Promise<void>
  /** A file as it is now; null when it is not there. */
  readonly open: (name: string) => Promise<Blob | null>
  /** Gives a file another name. */
  readonly rename: (from: string, to: string) => Promise<void>
  readonly remove: (name: string) => Promise<void>
}

/** Changing it loses sight of what is there. */
const folderName = 'maps'

/** Bytes copied in one go, where a browser cannot rename. */
const pieceSize = 4 << 20

/** The folder in this browser. Only in a dedicated worker that no other page shares. */
export function browserMapFiles(): MapFiles {
  const open = async (name: string): Promise<File | null> => {
    try {
      return await (await (await folder()).getFileHandle(name)).getFile()
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }
  const remove = async (name: string) => {
    await (await folder()).removeEntry(name).catch((error: unknown) => {
      if (!isMissing(error)) throw error
    })
  }
  const append = async (name: string, bytes: Bytes, at: number) => {
    const handle = await (await folder()).getFileHandle(name, { create: true })
    await write(handle, bytes, at)
  }
  return {
    open,
    remove,
    append,
    names: async () => {
      const names: string[] = []
      for await (const name of (await folder()).keys()) names.push(name)
      return names
    },
    sizeOf: async (name) => (await open(name))?.size ?? 0,
    rename: async (from, to) => {
      const handle = await (await folder()).getFileHandle(from)
      if (isMovable(handle)) {
        await handle.move(to)
        return
      }
      const file = await handle.getFile()
      for (let at = 0; at < file.size; at += pieceSize) {
        await append(to, new Uint8Array(await file.slice(at, at + pieceSize).arrayBuffer()), at)
      }
      await remove(from)
    },
  }
}

async function write(handle: FileSystemFileHandle, bytes: Bytes, at: number): Promise<void> {
  const access = await handle.createSyncAccessHandle()
  try {
    access.truncate(at)
    const written = access.write(bytes, { at })
    if (written !== bytes.length) throw new PhotoError('no-space', `${written}/${bytes.length}`)
    access.flush()
  } catch (error) {
    access.truncate(at)
    const full = error instanceof DOMException && error.name === 'QuotaExceededError'
    throw full ? new PhotoError('no-space', String(error)) : error
  } finally {
    access.close()
  }
}

/** Not in TypeScript's list of what browsers have. */
interface Movable {
  readonly move: (name: string) => Promise<void>
}

function isMovable(handle: object): handle is Movable {
  return 'move' in handle && typeof handle.move === 'function'
}

function isMissing(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotFoundError'
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  return root.getDirectoryHandle(folderName, { create: true })
}

/** Files that last as long as the page. For tests. */
export function memoryMapFiles(): MapFiles {
  const files = new Map<string, Bytes>()
  const remove = (name: string) => {
    files.delete(name)
    return Promise.resolve()
  }
  return {
    remove,
    names: () => Promise.resolve([...files.keys()]),
    sizeOf: (name) => Promise.resolve(files.get(name)?.length ?? 0),
    append: (name, bytes, at) => {
      const before = files.get(name) ?? new Uint8Array()
      files.set(name, join(before.subarray(0, at), bytes))
      return Promise.resolve()
    },
    open: (name) => {
      const bytes = files.get(name)
      return Promise.resolve(bytes ? new Blob([bytes]) : null)
    },
    rename: (from, to) => {
      files.set(to, copy(files.get(from) ?? new Uint8Array()))
      return remove(from)
    },
  }
}
