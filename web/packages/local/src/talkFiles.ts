/**
 * Small files of interviews under way, outside of the database: its pages and journals
 * keep what was overwritten, and these are overwritten in place.
 */
import { copy, type Bytes } from '@sansuiji/protocol'

/** A flat folder. All is durable when a call resolves. */
export interface TalkFiles {
  readonly names: () => Promise<readonly string[]>
  /** Bytes of a file; 0 when it is not there. */
  readonly sizeOf: (name: string) => Promise<number>
  /** A file's content, or a part of it; nothing when it is not there. */
  readonly read: (name: string, from?: number, to?: number) => Promise<Bytes | null>
  /** Writes bytes from a place on, where the file then ends. */
  readonly write: (name: string, bytes: Uint8Array, at: number) => Promise<void>
  /** Overwrites a file with zeros, and removes it. Does nothing when it is not there. */
  readonly shred: (name: string) => Promise<void>
}

/** The folder's name in OPFS. */
const folderName = 'interviews'

/** Zeros written in one go, bytes. */
const zerosMax = 1 << 20

/** Bytes read in one go. */
const pieceSize = 1 << 20

/** The folder in this browser. Only in a dedicated worker that no other page shares. */
export function browserTalkFiles(): TalkFiles {
  return {
    names: async () => {
      const names: string[] = []
      for await (const name of (await folder()).keys()) names.push(name)
      return names
    },
    sizeOf: async (name) => (await (await existing(name))?.getFile())?.size ?? 0,
    read: async (name, from = 0, to = Infinity) => {
      const file = await existing(name)
      if (!file) return null
      return inFile(file, (access) => {
        const bytes = new Uint8Array(Math.max(0, Math.min(to, access.getSize()) - from))
        access.read(bytes, { at: from })
        return copy(bytes)
      })
    },
    write: async (name, bytes, at) => {
      const file = await (await folder()).getFileHandle(name, { create: true })
      await inFile(file, (access) => {
        writeFrom(access, name, bytes, at)
      })
    },
    shred: async (name) => {
      const file = await existing(name)
      if (!file) return
      await inFile(file, overwrite)
      await (await folder()).removeEntry(name)
    },
  }
}

/** What is written in part only is taken back: the file ends where it did. */
function writeFrom(
  access: FileSystemSyncAccessHandle,
  name: string,
  bytes: Uint8Array,
  at: number,
): void {
  access.truncate(at)
  const written = access.write(bytes, { at })
  if (written !== bytes.length) access.truncate(at)
  access.flush()
  if (written !== bytes.length) throw new Error(`write ${name}: ${written} bytes`)
}

/** The zeros reach the disk before the file shrinks, or its blocks would be let go as they are. */
function overwrite(access: FileSystemSyncAccessHandle): void {
  const size = access.getSize()
  for (let at = 0; at < size; at += zerosMax) {
    access.write(new Uint8Array(Math.min(zerosMax, size - at)), { at })
  }
  access.flush()
}

/** A file's content, so much at a time that it never is in memory at once. */
export async function* inPieces(files: TalkFiles, name: string): AsyncGenerator<Bytes> {
  const size = await files.sizeOf(name)
  for (let at = 0; at < size; at += pieceSize) {
    const piece = await files.read(name, at, at + pieceSize)
    if (piece) yield piece
  }
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  return root.getDirectoryHandle(folderName, { create: true })
}

async function existing(name: string): Promise<FileSystemFileHandle | null> {
  try {
    return await (await folder()).getFileHandle(name)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null
    throw error
  }
}

async function inFile<T>(
  file: FileSystemFileHandle,
  work: (access: FileSystemSyncAccessHandle) => T,
): Promise<T> {
  const access = await file.createSyncAccessHandle()
  try {
    return work(access)
  } finally {
    access.close()
  }
}
