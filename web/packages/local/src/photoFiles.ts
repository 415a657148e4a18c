/** The files of pictures: in OPFS, in a folder beside SQLite's, and in memory under test. */
import { join, type Bytes } from '@sansuiji/protocol'

import { PhotoError } from './photo'

/** Files by name: a hash, or a hash and `.small`. */
export interface PhotoFiles {
  /** Bytes of a file; nothing when it is not here. */
  readonly sizeOf: (name: string) => number | undefined
  readonly names: () => readonly string[]
  /** Writes a whole file. When it returns the file is durable; when it throws there is none. */
  readonly write: (name: string, bytes: Bytes | Pieces) => Promise<void>
  readonly read: (name: string) => Promise<Blob | null>
  readonly remove: (name: string) => Promise<void>
}

/** Bytes that are too many to be held at once. */
export type Pieces = AsyncIterable<Bytes>

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
        const handle = await folder.getFileHandle(name, { create: true })
        sizes.set(name, await writeFile(handle, bytes))
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

/** Writes a file anew. Gives its size. */
async function writeFile(handle: FileSystemFileHandle, bytes: Bytes | Pieces): Promise<number> {
  const access = await handle.createSyncAccessHandle()
  try {
    access.truncate(0)
    let at = 0
    for await (const piece of piecesOf(bytes)) {
      const written = access.write(piece, { at })
      // Some browsers tell of a full disk by this alone.
      if (written !== piece.length) throw new PhotoError('no-space', `${written}/${piece.length}`)
      at += written
    }
    access.flush()
    return at
  } finally {
    access.close()
  }
}

function piecesOf(bytes: Bytes | Pieces): Pieces | readonly Bytes[] {
  return bytes instanceof Uint8Array ? [bytes] : bytes
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
    write: async (name, bytes) => {
      const parts: Bytes[] = []
      for await (const piece of piecesOf(bytes)) parts.push(piece)
      const whole = join(...parts)
      const used = [...files.values()].reduce((sum, { length }) => sum + length, 0)
      if (used + whole.length > room) throw new PhotoError('no-space')
      files.set(name, whole)
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
