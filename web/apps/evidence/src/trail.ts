/** Checks the part of the history that a file has. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'

import {
  compareBytes,
  fromBase64,
  fromHex,
  headBytes,
  idBytes,
  idOf,
  isIncluded,
  join,
  leafHash,
  openCheckpoint,
  parseEntry,
  readHeadquartersKey,
  utf8,
  type Entry,
  type Id,
  type Tree,
} from '@sansuiji/protocol'

import { changesOf, type NewValues } from './changes'
import { textOf } from './given'
import { cellOf, isProved, rowKey, type Content, type EntryLine } from './load'
import type { Signed } from './manifest'
import { reason, type Step } from './report'

/** A record that is in the history, with what its entry says. */
export interface Proved {
  readonly line: EntryLine
  /** Undefined: withheld. */
  readonly entry: Entry | undefined
  readonly changes: ReadonlyMap<string, NewValues>
  /** A device's signature covers it. */
  signed: boolean
}

/** The records by position, and by their place in their device's chain. */
export interface Trail {
  readonly byPosition: ReadonlyMap<number, Proved>
  readonly byTurn: ReadonlyMap<string, Proved>
}

function turnKey(device: string, seq: number): string {
  return `${device} ${seq}`
}

const checkpointPath = 'history/checkpoint'
const entriesPath = 'history/entries.jsonl'
const sealsPath = 'history/seals.jsonl'

export function checkCheckpoint({ manifest, key }: Signed, bytes: Uint8Array, step: Step): void {
  try {
    const { size, root, epoch } = openCheckpoint(textOf(bytes), manifest.campaign, key)
    const same = size === manifest.position && epoch === manifest.epoch
    if (!same || compareBytes(root, fromBase64(manifest.root)) !== 0) {
      const said = ['與清單不是同一狀態', 'it is of another state than the manifest'] as const
      step.fault(checkpointPath, undefined, ...said)
      return
    }
    step.say(
      `總部簽名：歷史前 ${size} 條，樹根 ${manifest.root}`,
      `Headquarters signed ${size} entries, root ${manifest.root}`,
    )
  } catch (error) {
    step.fault(
      checkpointPath,
      undefined,
      `總部簽名不成立：${reason(error)}`,
      `headquarters’ signature does not verify: ${reason(error)}`,
    )
  }
}

/** Wants every entry to be in the log of the checkpoint. */
export async function checkEntries(
  signed: Signed,
  { entries }: Content,
  step: Step,
  pause: () => Promise<void>,
): Promise<Trail> {
  const { manifest } = signed
  const tree = { size: manifest.position, root: fromBase64(manifest.root) }
  const trail = { byPosition: new Map<number, Proved>(), byTurn: new Map<string, Proved>() }
  for (const [i, line] of entries.entries()) {
    if (i % 50 === 0) await pause()
    try {
      const proved = prove(line, tree, manifest.campaign)
      trail.byPosition.set(line.position, proved)
      trail.byTurn.set(turnKey(line.device, line.seq), proved)
    } catch (error) {
      step.fault(
        entriesPath,
        undefined,
        `第 ${i + 1} 行（位置 ${line.position}）：${reason(error)}`,
        `line ${i + 1} (position ${line.position}): ${reason(error)}`,
      )
    }
  }
  const open = [...trail.byPosition.values()].filter(({ entry }) => entry !== undefined).length
  const held = entries.length - open
  step.say(
    `${entries.length} 個條目經證明在此檢查點的歷史中：${open} 個附全文，${held} 個只有摘要（還含有本文件以外的數據）`,
    `${entries.length} entries are proved to be in the history of the checkpoint: ${open} are here in full, of ${held} there is only the hash (they hold data that is not in this file)`,
  )
  checkFirst(signed, trail, step)
  return trail
}

function prove(line: EntryLine, tree: Tree, campaign: Id): Proved {
  if (!isIncluded(tree, line.position, leafHash(leafBytes(line)), line.proof)) {
    throw new Error('it is not in the history')
  }
  if (line.entry === undefined) {
    return { line, entry: undefined, changes: new Map(), signed: false }
  }
  if (compareBytes(sha256(line.entry), line.hash) !== 0) throw new Error('another hash')
  const entry = parseEntry(line.entry)
  if (entry.campaign !== campaign || entry.device !== line.device || entry.seq !== line.seq) {
    throw new Error('of another campaign or device')
  }
  return { line, entry, changes: changesOf(entry.changeset), signed: false }
}

/** The bytes of a leaf: docs/PROTOCOL.md, §13.1. */
function leafBytes({ position, epoch, receivedAt, clock, hash }: EntryLine): Uint8Array {
  const numbers = (...list: readonly bigint[]) => {
    const view = new DataView(new ArrayBuffer(8 * list.length))
    for (const [i, n] of list.entries()) view.setBigUint64(8 * i, BigInt.asUintN(64, n))
    return new Uint8Array(view.buffer)
  }
  const domain = utf8('sansuiji/leaf/1\n')
  const times = numbers(BigInt(receivedAt), clock)
  return join(domain, numbers(BigInt(position)), idBytes(epoch), times, hash)
}

/** Says whether the campaign's first entry names the key. */
function checkFirst({ key }: Signed, { byPosition }: Trail, step: Step): void {
  const first = byPosition.get(1)
  if (first?.entry === undefined) {
    step.say(
      '文件中沒有歷史第 1 條，未能核對它所寫的總部公鑰',
      'Position 1 of the history is not in the file: that it names this key could not be checked',
    )
    return
  }
  const keyColumn = 3 // of device: id, inspector_id, name, public_key
  const { device } = first.entry
  const spki = first.changes.get(rowKey('device', device))?.at(keyColumn)?.bytes
  if (spki === undefined || device !== headquarters(spki) || !isKey(spki, key)) {
    step.fault(
      entriesPath,
      undefined,
      '歷史第 1 條寫的不是這個總部公鑰',
      'position 1 of the history names another key of headquarters',
    )
    return
  }
  step.say(
    '歷史第 1 條寫明這個總部公鑰',
    'Position 1 of the history names this key of headquarters',
  )
}

function isKey(spki: Uint8Array, key: Uint8Array): boolean {
  try {
    return compareBytes(readHeadquartersKey(spki), key) === 0
  } catch {
    return false
  }
}

/** Headquarters' id as a device, which follows from its key. */
export function headquarters(spki: Uint8Array): Id {
  const id = sha256(join(utf8('sansuiji/device/1\n'), spki)).slice(0, 16)
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x80
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80
  return idOf(id)
}

/** Checks devices' signatures, with keys that entries of headquarters name. */
export async function checkSignatures(
  { manifest }: Signed,
  { seals, rows }: Content,
  trail: Trail,
  step: Step,
  pause: () => Promise<void>,
): Promise<void> {
  for (const [i, { device, seq, signature }] of seals.entries()) {
    if (i % 20 === 0) await pause()
    const head = trail.byTurn.get(turnKey(device, seq))
    const row = rows.get(rowKey('device', device))
    const spki = row && cellOf(row, 'public_key')
    if (row === undefined || head?.entry === undefined || spki?.kind !== 'bytes') {
      const said = ['沒有所簽的條目或設備', 'the entry or the device is not there'] as const
      step.fault(sealsPath, undefined, `第 ${i + 1} 行：${said[0]}`, `line ${i + 1}: ${said[1]}`)
      continue
    }
    if (!isProved(row, 'public_key')) continue
    const message = headBytes(manifest.campaign, device, seq, head.line.hash)
    if (verifies(spki.bytes, message, signature)) {
      follow(head, trail)
      continue
    }
    step.fault(
      sealsPath,
      undefined,
      `第 ${i + 1} 行：設備簽名不成立`,
      `line ${i + 1}: the device’s signature does not verify`,
    )
  }
  saySignatures(trail, step)
}

function saySignatures({ byPosition }: Trail, step: Step): void {
  const open = [...byPosition.values()].filter(({ entry }) => entry !== undefined)
  const signed = open.filter((one) => one.signed)
  const devices = new Set(signed.map(({ line }) => line.device)).size
  const left = open.length - signed.length
  step.say(
    `附全文的 ${open.length} 個條目中，${signed.length} 個由 ${devices} 個設備的簽名證明`,
    `Of ${open.length} entries in full, ${signed.length} are under signatures of ${devices} devices`,
  )
  if (left === 0) return
  step.say(
    `其餘 ${left} 個的設備簽名要經未附的條目才能查對，這裡只證明總部收下了它們`,
    `To check the signatures over the other ${left} takes entries that are not here: of them only headquarters’ acceptance is proved`,
  )
}

/** Goes back along a chain from an entry that is signed. */
function follow(head: Proved, { byTurn }: Trail): void {
  for (let one: Proved | undefined = head; one?.entry !== undefined && !one.signed;) {
    one.signed = true
    const { device, seq, previous }: Entry = one.entry
    const before = byTurn.get(turnKey(device, seq - 1))
    one = before && compareBytes(before.line.hash, previous) === 0 ? before : undefined
  }
}

/** What comes before the 65 bytes of a P-256 point in a SubjectPublicKeyInfo (RFC 5480). */
const p256Prefix = fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200')

/** Checks a device's signature, 64 bytes: Ed25519, or ECDSA on P-256. */
function verifies(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    if (spki.length === 44) {
      return ed25519.verify(signature, message, readHeadquartersKey(spki), { zip215: false })
    }
    const point = spki.subarray(p256Prefix.length)
    const isPoint = compareBytes(spki.subarray(0, p256Prefix.length), p256Prefix) === 0
    return isPoint && point.length === 65 && p256.verify(signature, message, point, { lowS: false })
  } catch {
    return false
  }
}
