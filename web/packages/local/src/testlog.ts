/** A small headquarters' log for tests: signs checkpoints and makes proofs as RFC 9162 has them. */
import { join, leafHash, originOf, utf8, type Bytes, type Ended, type Id } from '@sansuiji/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'

import { ids } from './testing'

const secret = new Uint8Array(32).fill(7)
const publicKey = ed25519.getPublicKey(secret)

/** Headquarters' key of the tests, SubjectPublicKeyInfo. */
export const headquartersKey = join(
  Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00),
  publicKey,
)

/** One life of headquarters' log. */
export interface Life {
  readonly epoch: Id
  readonly began?: number
  readonly ended?: readonly Ended[]
  /** Leaves after it are those of another history. */
  readonly bend?: number
}

/** What an answer says of the log at a size, with the proof from another. */
export function witnessAt(life: Life, size: number, from = 0): Record<string, unknown> {
  const proof = from > 0 && from < size ? proofOf(from, leaves(life, size), true) : []
  return { checkpoint: signed(life, size), ...(from > 0 ? { from } : {}), proof }
}

/** The signed checkpoint of the log at a size. */
export function signed({ epoch, began = 0, ended = [], ...life }: Life, size: number): string {
  const root = btoa(String.fromCharCode(...rootOf(leaves({ epoch, began, ...life }, size))))
  const name = originOf(ids.campaign)
  const lines = [name, size, root, `epoch ${epoch}`, `epoch-began ${began}`, `revision ${size}`]
  lines.push(...ended.map((e) => `epoch-ended ${e.epoch} ${String(e.size)}`))
  const text = `${lines.join('\n')}\n`
  const hash = sha256(join(utf8(`${name}\n`), Uint8Array.of(1), publicKey)).subarray(0, 4)
  const signature = join(hash, ed25519.sign(utf8(text), secret))
  return `${text}\n— ${name} ${btoa(String.fromCharCode(...signature))}\n`
}

function leaves({ bend = Infinity }: Life, size: number): readonly Bytes[] {
  return Array.from({ length: size }, (_, i) =>
    leafHash(utf8(`leaf ${String(i + 1)}${i >= bend ? ' of another history' : ''}`)),
  )
}

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const [first] = hashes
  if (first === undefined) return sha256(new Uint8Array())
  if (hashes.length === 1) return first
  const k = split(hashes.length)
  return sha256(join(Uint8Array.of(1), rootOf(hashes.slice(0, k)), rootOf(hashes.slice(k))))
}

/** RFC 9162 §2.1.4.1. */
function proofOf(m: number, hashes: readonly Uint8Array[], whole: boolean): readonly Uint8Array[] {
  if (m === hashes.length) return whole ? [] : [rootOf(hashes)]
  const k = split(hashes.length)
  const [left, right] = [hashes.slice(0, k), hashes.slice(k)]
  if (m <= k) return [...proofOf(m, left, whole), rootOf(right)]
  return [...proofOf(m - k, right, false), rootOf(left)]
}

/** The largest power of two below a number. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
