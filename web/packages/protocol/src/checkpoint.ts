/**
 * Headquarters' signed checkpoints of the history: C2SP tlog-checkpoint inside a
 * C2SP signed note, Ed25519. One library verifies everywhere: the WebCrypto of
 * older phones has no Ed25519.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'

import { compareBytes, copy, fromBase64, fromHex, join, toHex, utf8, type Bytes } from './bytes'
import { isId, type Id } from './id'
import { emptyRoot, hashSize, type Tree } from './treeHash'

/** What headquarters signs: the state of a campaign's log, and of the rows made of it. */
export interface Checkpoint extends Tree {
  readonly campaign: Id
  readonly epoch: Id
  /** The size that the log had when the epoch began. Later positions of earlier epochs are gone. */
  readonly began: number
  /** Of the rows. */
  readonly revision: number
  /** Earlier epochs that this log continues, each up to a size, oldest first. */
  readonly ended: readonly Ended[]
  /** What is signed, as it is kept. */
  readonly text: string
}

/** An epoch that is over: the log continues it up to a size, and not what it had beyond that. */
export interface Ended {
  readonly epoch: Id
  readonly size: number
}

const checkpointMax = 8 << 10
const knownLines = 6
const endedPrefix = 'epoch-ended '
const endedMax = 16
const extraMax = 16
const signaturesMax = 16
const algEd25519 = 1

/** The name of a campaign's log, and of the key that signs it. */
export function originOf(campaign: Id): string {
  return `sansuiji/${campaign}`
}

/**
 * Checks that a checkpoint of a campaign is signed by headquarters' key, 32
 * bytes, and reads it. Everything else is refused with an error.
 */
export function openCheckpoint(signed: string, campaign: Id, key: Uint8Array): Checkpoint {
  const checkpoint = parseCheckpoint(openNote(originOf(campaign), signed, key))
  if (checkpoint.campaign !== campaign) throw malformed(`campaign ${checkpoint.campaign}`)
  return checkpoint
}

/** Checks that a note is signed by a key under a name, and gives its text. */
export function openNote(name: string, signed: string, key: Uint8Array): string {
  if (utf8(signed).length > checkpointMax) throw malformed('too long')
  if (hasControl(signed)) throw malformed('control characters')
  const split = signed.lastIndexOf('\n\n')
  if (split < 0 || !signed.endsWith('\n')) throw malformed('no signatures')
  const text = signed.slice(0, split + 1)
  verifyNote(text, signed.slice(split + 2, -1).split('\n'), name, key)
  return text
}

/**
 * Reads a signed checkpoint that was opened before, as who keeps it does. The
 * signature is not looked at again.
 */
export function readCheckpoint(signed: string): Checkpoint {
  return parseCheckpoint(signed.slice(0, signed.lastIndexOf('\n\n') + 1))
}

/** What comes before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410). */
const keyPrefix = fromHex('302a300506032b6570032100')

/** Reads headquarters' key, SubjectPublicKeyInfo, DER. */
export function readHeadquartersKey(spki: Uint8Array): Bytes {
  const prefix = spki.subarray(0, keyPrefix.length)
  if (spki.length !== keyPrefix.length + 32 || compareBytes(prefix, keyPrefix) !== 0) {
    throw new Error(`read headquarters' key: ${spki.length} bytes, no Ed25519 key`)
  }
  return copy(spki.subarray(keyPrefix.length))
}

function verifyNote(text: string, lines: readonly string[], name: string, key: Uint8Array): void {
  if (lines.length > signaturesMax || new Set(lines).size !== lines.length) {
    throw malformed(`${lines.length} signatures`)
  }
  const hash = keyHash(name, key)
  let signature: Bytes | undefined
  for (const line of lines) {
    const match = /^— ([^\s+]+) (\S+)$/u.exec(line)
    if (match?.[1] === undefined || match[2] === undefined) throw malformed('signature line')
    const bytes = fromBase64(match[2])
    if (bytes.length < 5) throw malformed('signature line')
    if (match[1] !== name || compareBytes(bytes.subarray(0, 4), hash) !== 0) continue
    if (signature !== undefined) throw malformed('signed twice')
    signature = bytes.slice(4)
  }
  if (signature?.length !== 64) throw new Error(`open checkpoint: not signed by ${name}`)
  if (!ed25519.verify(signature, utf8(text), key, { zip215: false })) {
    throw new Error(`open checkpoint: the signature of ${name} does not verify`)
  }
}

/** A key with its name as one line of text (C2SP signed-note, vkey): what a person compares. */
export function keyText(campaign: Id, key: Uint8Array): string {
  const name = originOf(campaign)
  const coded = btoa(String.fromCharCode(algEd25519, ...key))
  return `${name}+${toHex(keyHash(name, key))}+${coded}`
}

/** The first four bytes of the SHA-256 over name, line feed, key type and key. */
function keyHash(name: string, key: Uint8Array): Uint8Array {
  return sha256(join(utf8(`${name}\n`), Uint8Array.of(algEd25519), key)).subarray(0, 4)
}

/** Reads the text that is signed, in the one form it has. */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n') || utf8(text).length > checkpointMax) throw malformed('size')
  const lines = text.slice(0, -1).split('\n')
  const more = lines.slice(knownLines)
  const plain = more.findIndex((line) => !line.startsWith(endedPrefix))
  const [over, extra] = plain < 0 ? [more, []] : [more.slice(0, plain), more.slice(plain)]
  if (lines.length < knownLines || over.length > endedMax || extra.length > extraMax) {
    throw malformed('lines')
  }
  if (hasControl(text) || extra.some((line) => line === '' || line.startsWith(endedPrefix))) {
    throw malformed('a line of a later kind')
  }
  const [origin = '', size = '', root = '', epoch = '', began = '', revision = ''] = lines
  const checkpoint = {
    campaign: id(after(origin, 'sansuiji/')),
    size: number(size),
    root: hash(root),
    epoch: id(after(epoch, 'epoch ')),
    began: number(after(began, 'epoch-began ')),
    revision: number(after(revision, 'revision ')),
    ended: over.map(endedOf),
    text,
  }
  checkEnded(checkpoint)
  if (checkpoint.began > checkpoint.size) throw malformed('the epoch begins after the end')
  if (checkpoint.size === 0 && compareBytes(checkpoint.root, emptyRoot()) !== 0) {
    throw malformed('an empty log with another root')
  }
  return checkpoint
}

function endedOf(line: string): Ended {
  const [epoch = '', ...size] = after(line, endedPrefix).split(' ')
  return { epoch: id(epoch), size: number(size.join(' ')) }
}

function checkEnded({ epoch, began, ended }: Checkpoint): void {
  for (const [i, e] of ended.entries()) {
    const before = ended.slice(0, i)
    const falls = e.size < (before.at(-1)?.size ?? 0) || e.size > began
    if (falls || e.epoch === epoch || before.some((o) => o.epoch === e.epoch)) {
      throw malformed(`epoch ${e.epoch} ended at ${e.size}`)
    }
  }
}

/** Up to what size a checkpoint's log continues an epoch that is over; undefined if it does not tell. */
export function continues(checkpoint: Checkpoint, epoch: Id): number | undefined {
  return checkpoint.ended.find((e) => e.epoch === epoch)?.size
}

/** The most that a checkpoint's log can have in common with one that was held. */
export function commonSize(checkpoint: Checkpoint, held: Checkpoint): number {
  return continues(checkpoint, held.epoch) ?? Math.min(checkpoint.began, held.began)
}

/** Whether a text holds what no signed note does: control characters other than line ends. */
function hasControl(text: string): boolean {
  return Array.from(text).some((c) => (c < ' ' && c !== '\n') || /^\p{Surrogate}$/u.test(c))
}

function after(line: string, prefix: string): string {
  if (!line.startsWith(prefix)) throw malformed(`line ${line.slice(0, 40)}`)
  return line.slice(prefix.length)
}

function number(text: string): number {
  const value = Number(text)
  if (!/^(0|[1-9]\d*)$/.test(text) || !Number.isSafeInteger(value)) {
    throw malformed(`number ${text.slice(0, 40)}`)
  }
  return value
}

function id(text: string): Id {
  if (!isId(text) || text !== text.toLowerCase()) throw malformed(`id ${text.slice(0, 40)}`)
  return text
}

function hash(text: string): Bytes {
  const bytes = fromBase64(text)
  if (bytes.length !== hashSize) throw malformed(`hash ${text.slice(0, 60)}`)
  return bytes
}

function malformed(what: string): Error {
  return new Error(`read checkpoint: malformed: ${what}`)
}
