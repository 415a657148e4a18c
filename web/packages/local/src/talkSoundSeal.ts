/**
 * Seals the sound of an interview. Little of it lies in the sealed document; more goes, a
 * few chunks at a time, into age files of its own, which travel as attachments do.
 */
import { copy, fromHex, idBytes, join, newId, toHex, type Id } from '@sansuiji/protocol'
import { sha256 } from '@noble/hashes/sha2.js'

import type { Saving } from './capture'
import type { PhotoFiles } from './photoFiles'
import { hashOf } from './photo'
import { sealing } from './seal'
import type { SealedSound } from './talkDocument'
import { inPieces, type TalkFiles } from './talkFiles'
import { chunks, soundSize, type Unlocked } from './talkSound'
import { noteKept } from './uploadState'
import { put } from './write'

/** Sound up to this size, encrypted, lies in the document, bytes; a cell takes 4 MiB. */
export const inlineMax = 2 << 20

/** Bytes written in one go. */
const pieceSize = 1 << 20

/** Of a sealed recording that is an attachment. */
export const sealedType = 'application/age'

/** An age file that is kept among the attachments; no row names it yet. */
export interface SealedFile {
  /** SHA-256 in hexadecimal. */
  readonly hash: string
  /** Bytes. */
  readonly size: number
}

/** Sound as the document has it, and the files beside the document. */
export interface SoundParts {
  readonly list: readonly SealedSound[]
  readonly files: readonly SealedFile[]
}

/** What sealing sound needs. */
export interface SoundSealing extends Unlocked {
  readonly recipients: readonly string[]
  readonly attachments: PhotoFiles
}

/** The file in which sealed sound grows until it is whole. */
export function growingFile(id: Id): string {
  return `${id}.sealing`
}

/** Seals all recordings of an interview. What they were in clear touches no disk. */
export async function sealSound(of: SoundSealing): Promise<SoundParts> {
  if ((await soundSize(of.files, of.id)) <= inlineMax) {
    return { list: await inline(of), files: [] }
  }
  const done: { readonly sound: SealedSound; readonly file: SealedFile }[] = []
  let open: Growing | undefined
  for await (const { type, data } of chunks(of)) {
    if (type !== null) {
      if (open) done.push(await open.end())
      open = await grow(of, type)
    }
    await open?.add(data)
  }
  if (open) done.push(await open.end())
  return { list: done.map(({ sound }) => sound), files: done.map(({ file }) => file) }
}

async function inline(of: SoundSealing): Promise<readonly SealedSound[]> {
  const found: { type: string; parts: Uint8Array[] }[] = []
  for await (const { type, data } of chunks(of)) {
    if (type !== null) found.push({ type, parts: [] })
    found.at(-1)?.parts.push(data)
  }
  return Promise.all(
    found.map(async ({ type, parts }) => {
      const data = join(...parts)
      return { type, size: data.length, sha256: await hashOf(data), base64: base64(data) }
    }),
  )
}

/** An age file that grows. */
interface Growing {
  readonly add: (plain: Uint8Array) => Promise<void>
  /** Puts the whole file among the attachments. */
  readonly end: () => Promise<{ readonly sound: SealedSound; readonly file: SealedFile }>
}

async function grow({ files, id, recipients, attachments }: SoundSealing, type: string) {
  const name = growingFile(id)
  await files.write(name, new Uint8Array(), 0)
  const plain = new TransformStream<Uint8Array, Uint8Array>()
  const writer = plain.writable.getWriter()
  const spoken = sha256.create()
  let size = 0
  const written = writeAll(files, name, await sealing(recipients, plain.readable))
  // Told by `end`, or by the next chunk that finds no reader.
  written.catch(() => undefined)
  const growing: Growing = {
    add: async (data) => {
      size += data.length
      spoken.update(data)
      await Promise.race([writer.write(copy(data)), written])
    },
    end: async () => {
      await Promise.race([writer.close(), written])
      const file = await written
      await attachments.write(file.hash, inPieces(files, name))
      await files.shred(name)
      const sha = toHex(copy(spoken.digest()))
      return { sound: { type, size, sha256: sha, file: file.hash }, file }
    },
  }
  return growing
}

/** Writes a stream into a file, and says what it became. */
async function writeAll(
  files: TalkFiles,
  name: string,
  stream: ReadableStream<Uint8Array>,
): Promise<SealedFile> {
  const hash = sha256.create()
  const reader = stream.getReader()
  let waiting: Uint8Array[] = []
  let held = 0
  let size = 0
  const flush = async () => {
    await files.write(name, join(...waiting), size)
    size += held
    waiting = []
    held = 0
  }
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    hash.update(value)
    waiting.push(value)
    held += value.length
    if (held >= pieceSize) await flush()
  }
  await flush()
  return { hash: toHex(copy(hash.digest())), size }
}

/** Writes the rows of sealed recordings. */
export function attachSealed(
  saving: Saving,
  of: { readonly visit: Id; readonly interview: Id; readonly endedAt: number },
  files: readonly SealedFile[],
): void {
  for (const { hash, size } of files) {
    put(saving, 'attachment', newId(saving.at, saving.random), {
      visit_id: idBytes(of.visit),
      subject_table: 'interview',
      subject_id: idBytes(of.interview),
      kind: 'sound',
      hash: fromHex(hash),
      size,
      media_type: sealedType,
      source: 'recorder',
      taken_at: of.endedAt,
      inspector_id: idBytes(saving.identity.inspector),
    })
    noteKept(saving.database, hash)
  }
}

/** Base64 with padding (RFC 4648 §4). */
function base64(bytes: Uint8Array): string {
  const step = 0x8000
  let binary = ''
  for (let at = 0; at < bytes.length; at += step) {
    binary += String.fromCharCode(...bytes.subarray(at, at + step))
  }
  return btoa(binary)
}
