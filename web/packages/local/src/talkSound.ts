/** Sound of an interview under way: chunks, each encrypted before it touches the disk. */
import {
  copy,
  decodeCbor,
  encodeCbor,
  join,
  type Bytes,
  type Id,
  type Random,
} from '@sansuiji/protocol'

import type { TalkFiles } from './talkFiles'
import { decrypt, encrypt } from './talkVault'

/** What a recorder gave. */
export interface SoundChunk {
  /** Media type, in the first chunk of a recording only. */
  readonly type: string | null
  readonly data: Uint8Array
}

/** Of all sound of one interview, bytes: some hours of speech, and no more than an attachment. */
export const soundMax = 31 << 20

const lengthSize = 4

/** Read in one go, bytes. */
const windowSize = 1 << 20

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
  const end = await files.sizeOf(soundFile(id))
  if (end + chunk.data.length > soundMax) return false
  const plain = copy(encodeCbor({ type: chunk.type, data: chunk.data }))
  const hidden = await encrypt(key, { id, part: 'sound' }, plain, random)
  const length = new Uint8Array(lengthSize)
  new DataView(length.buffer).setUint32(0, hidden.length)
  await files.write(soundFile(id), join(length, hidden), end)
  return true
}

/** All chunks of an interview, in order, a few at a time in memory. */
export async function* chunks({ files, id, key }: Unlocked): AsyncGenerator<SoundChunk> {
  for await (const { bytes } of records(files, soundFile(id))) {
    yield decodeCbor(await decrypt(key, { id, part: 'sound' }, bytes)) as SoundChunk
  }
}

/** How much encrypted sound there is, bytes. */
export function soundSize(files: TalkFiles, id: Id): Promise<number> {
  return files.sizeOf(soundFile(id))
}

/** Cuts off what a kill tore: nobody was told that it is kept. Call it at each start. */
export async function mendSound(files: TalkFiles, id: Id): Promise<void> {
  const name = soundFile(id)
  let whole = 0
  for await (const { end } of records(files, name)) whole = end
  if (whole < (await files.sizeOf(name))) await files.write(name, new Uint8Array(), whole)
}

/** The whole records of a file, and where each ends. */
async function* records(
  files: TalkFiles,
  name: string,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly end: number }> {
  const size = await files.sizeOf(name)
  let held: Bytes = new Uint8Array()
  let heldAt = 0
  const take = async (from: number, to: number): Promise<Uint8Array> => {
    if (to > heldAt + held.length) {
      held = (await files.read(name, from, Math.max(to, from + windowSize))) ?? held
      heldAt = from
    }
    return held.subarray(from - heldAt, to - heldAt)
  }
  for (let end = 0; end + lengthSize <= size;) {
    const from = end + lengthSize
    const head = copy(await take(end, from))
    const to = from + new DataView(head.buffer).getUint32(0)
    if (to > size || to === from) return
    yield { bytes: await take(from, to), end: to }
    end = to
  }
}
