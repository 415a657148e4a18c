/** Words that nobody else uses, and where on a disk they are. */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Base 32 of RFC 4648 in small letters: 60 bits in a canary, so none is there by chance. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const length = 12

/** Makes one canary. */
export function canary(): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte & 31]).join('')
}

/** Makes several. */
export function canaries(count: number): readonly string[] {
  return Array.from({ length: count }, canary)
}

/** Which of the canaries lie in a folder, in UTF-8 or UTF-16, and in which files. */
export function sightings(
  folder: string,
  wanted: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Set(wanted)
  const seen = new Map<string, Set<string>>()
  for (const file of filesIn(folder)) {
    for (const one of canariesIn(bytesOf(file), known)) {
      const files = seen.get(one) ?? new Set<string>()
      files.add(file.slice(folder.length + 1))
      seen.set(one, files)
    }
  }
  return seen
}

/** Files that hold these bytes. */
export function filesWith(folder: string, bytes: Uint8Array): readonly string[] {
  return filesIn(folder).filter((file) => bytesOf(file).includes(Buffer.from(bytes)))
}

/** Bytes of all files together. */
export function folderSize(folder: string): number {
  return filesIn(folder).reduce((sum, file) => sum + bytesOf(file).length, 0)
}

/** What is in a file; nothing, if a browser that runs has removed it since it was listed. */
function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Runs of the alphabet's letters, with and without a zero byte behind each. */
const runs = [/[a-z2-7]{12,}/g, /(?:[a-z2-7]\0){12,}/g]

function canariesIn(bytes: Buffer, known: ReadonlySet<string>): ReadonlySet<string> {
  const text = bytes.toString('latin1')
  const found = new Set<string>()
  for (const run of runs) {
    for (const [match] of text.matchAll(run)) {
      const letters = match.replaceAll('\0', '')
      for (let at = 0; at + length <= letters.length; at++) {
        const one = letters.slice(at, at + length)
        if (known.has(one)) found.add(one)
      }
    }
  }
  return found
}
