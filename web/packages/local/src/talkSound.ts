/** Sound of an interview under way: chunks, each encrypted before it touches the disk. */
import { decodeCbor, encodeCbor, join, copy, type Bytes, type Id } from '@sansuiji/protocol'

import { decrypt, encrypt } from './talkVault'
import type { TalkFiles } from './talkFiles'
import type { Random } from '@sansuiji/protocol'

/** What a recorder gave. */
export interface SoundChunk {
  /** Media type, in the first chunk of a recording only. */
  readonly type: string | null
  readonly data: Uint8Array
}

/** One recording, from start to stop. */
export interface Recording {
  readonly type: string
  readonly data: Bytes
}

/** Of all sound of one interview, bytes: some hours of speech. */
export const soundMax = 32 << 20

const lengthSize = 4

/** The file that holds an interview's sound, encrypted. */
export function soundFile(id: Id): string {
  return `${id}.sound`
}

/** An interview whose key is open. */
export interface Unlocked {
  readonly files: TalkFiles
  readonly id: Id
  readonly key: CryptoKey
}

/** Adds a chunk. False when there is no more room. */
export async function keepChunk(
  { files, id, key }: Unlocked,
  chunk: SoundChunk,
  random: Random,
): Promise<boolean> {
  const { end } = records((await files.read(soundFile(id))) ?? new Uint8Array())
  if (end + chunk.data.length > soundMax) return false
  const plain = copy(encodeCbor({ type: chunk.type, data: chunk.data }))
  const hidden = await encrypt(key, { id, part: 'sound' }, plain, random)
  const length = new Uint8Array(lengthSize)
  new DataView(length.buffer).setUint32(0, hidden.length)
  await files.write(soundFile(id), join(length, hidden), end)
  return true
}

/** All recordings of an interview, in order. */
export async function recordings({ files, id, key }: Unlocked): Promise<readonly Recording[]> {
  const bytes = await files.read(soundFile(id))
  if (!bytes) return []
  const found: { type: string; parts: Uint8Array[] }[] = []
  for (const record of records(bytes).list) {
    const chunk = decodeCbor(await decrypt(key, { id, part: 'sound' }, record)) as SoundChunk
    if (chunk.type !== null) found.push({ type: chunk.type, parts: [] })
    found.at(-1)?.parts.push(chunk.data)
  }
  return found.map(({ type, parts }) => ({ type, data: join(...parts) }))
}

/** How much encrypted sound there is, bytes. */
export async function soundSize(files: TalkFiles, id: Id): Promise<number> {
  return (await files.read(soundFile(id)))?.length ?? 0
}

/** The whole records, and where they end: a kill may have torn one that nobody was told of. */
function records(bytes: Uint8Array): {
  readonly list: readonly Uint8Array[]
  readonly end: number
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const list: Uint8Array[] = []
  let end = 0
  while (end + lengthSize <= bytes.length) {
    const from = end + lengthSize
    const to = from + view.getUint32(end)
    if (to > bytes.length || to === from) break
    list.push(bytes.subarray(from, to))
    end = to
  }
  return { list, end }
}
