/**
 * Keeps an interview under way so that a killed app loses no word and a disk tells none:
 * all of it is AES-256-GCM under a key of its own, and the key lies in a file of its own.
 * Once that file is overwritten, what the rest of the disk remembers means nothing.
 *
 * While the interview is open, whoever has the disk has the key too. The shorter it is
 * open, the better.
 */
import { copy, join, utf8, type Bytes, type Id, type Random } from '@sansuiji/protocol'

import type { TalkFiles } from './talkFiles'

const keySize = 32
/** Of the random nonce before each ciphertext (NIST SP 800-38D §8.2.2). */
const nonceSize = 12

/** The file that holds an interview's key. */
export function keyFile(id: Id): string {
  return `${id}.key`
}

/** The interviews that have a key file. */
export async function keyedIds(files: TalkFiles): Promise<readonly Id[]> {
  const names = await files.names()
  return names.filter((name) => name.endsWith('.key')).map((name) => name.slice(0, -4) as Id)
}

/** Makes an interview's key. It is on the disk before anything is encrypted with it. */
export async function createKey(files: TalkFiles, id: Id, random: Random): Promise<CryptoKey> {
  const raw = copy(random(keySize))
  await files.write(keyFile(id), raw, 0)
  return importKey(raw)
}

/** An interview's key; nothing when it was shredded. */
export async function loadKey(files: TalkFiles, id: Id): Promise<CryptoKey | null> {
  const raw = await files.read(keyFile(id))
  const whole = raw?.length === keySize && raw.some((byte) => byte !== 0)
  return whole ? importKey(raw) : null
}

async function importKey(raw: Bytes): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
  raw.fill(0)
  return key
}

/** What a ciphertext belongs to: it opens in no other place. */
export interface Bound {
  readonly id: Id
  readonly part: 'draft' | 'sound'
}

function algorithm(nonce: Bytes, { id, part }: Bound): AesGcmParams {
  return { name: 'AES-GCM', iv: nonce, additionalData: utf8(`${id} ${part}`) }
}

/** Nonce and ciphertext, 28 bytes longer than what was given. */
export async function encrypt(
  key: CryptoKey,
  bound: Bound,
  plain: Bytes,
  random: Random,
): Promise<Bytes> {
  const nonce = copy(random(nonceSize))
  const hidden = await crypto.subtle.encrypt(algorithm(nonce, bound), key, plain)
  return join(nonce, new Uint8Array(hidden))
}

/** What was encrypted. Throws when a bit of it, or the place, is another. */
export async function decrypt(key: CryptoKey, bound: Bound, bytes: Uint8Array): Promise<Bytes> {
  const nonce = copy(bytes.subarray(0, nonceSize))
  const hidden = copy(bytes.subarray(nonceSize))
  return new Uint8Array(await crypto.subtle.decrypt(algorithm(nonce, bound), key, hidden))
}
