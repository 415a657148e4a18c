/** The front of an entry's canonical bytes, with numbers of 64 bits as they are. */
import { compareBytes, copy, utf8, type Bytes } from '../bytes'
import { entryMax } from '../entry'

/** A device's entries up to `seq` are known. */
export interface Head {
  readonly device: Uint8Array
  readonly seq: bigint
}

/** An entry, taken apart. */
export interface Header {
  readonly campaign: Uint8Array
  readonly device: Uint8Array
  readonly seq: bigint
  readonly previous: Uint8Array
  readonly clock: bigint
  /** What the clock showed, signed. */
  readonly wall: bigint
  readonly schema: number
  readonly epoch: Uint8Array
  readonly revision: bigint
  readonly heads: readonly Head[]
  readonly changeset: Bytes
}

const domain = utf8('sansuiji/entry/1\n')
const fixedSize = domain.length + 122
const headSize = 24
/** The number of heads an entry may name. */
export const headsMax = 1024
const numberMax = 2n ** 63n - 1n

/** Reads canonical bytes. Only what headquarters reads is accepted. */
export function readHeader(entry: Uint8Array): Header {
  const bytes = copy(entry)
  const view = new DataView(bytes.buffer)
  const isEntry = compareBytes(bytes.subarray(0, domain.length), domain) === 0
  if (!isEntry || bytes.length < fixedSize || bytes.length > entryMax) throw malformed('size')
  const count = view.getUint16(133)
  const at = 135 + count * headSize
  if (count > headsMax || bytes.length < at + 4) throw malformed('heads')
  if (view.getUint32(at) !== bytes.length - at - 4) throw malformed('changeset')
  const header = {
    campaign: bytes.subarray(17, 33),
    device: bytes.subarray(33, 49),
    seq: view.getBigUint64(49),
    previous: bytes.subarray(57, 89),
    clock: view.getBigUint64(89),
    wall: view.getBigInt64(97),
    schema: view.getInt32(105),
    epoch: bytes.subarray(109, 125),
    revision: view.getBigUint64(125),
    heads: Array.from({ length: count }, (_, i) => headAt(bytes, view, 135 + i * headSize)),
    changeset: bytes.subarray(at + 4),
  }
  check(header)
  return header
}

function headAt(bytes: Uint8Array, view: DataView, at: number): Head {
  return { device: bytes.subarray(at, at + 16), seq: view.getBigUint64(at + 16) }
}

function check({ seq, schema, clock, revision, heads }: Header): void {
  const fits = seq > 0n && seq <= numberMax && clock <= numberMax && revision <= numberMax
  if (!fits || schema < 1) throw malformed('number')
  if (!areInOrder(heads)) throw malformed('heads out of order')
}

/** Whether heads are in the order that an entry must have. */
export function areInOrder(heads: readonly Head[]): boolean {
  return heads.every((head, i) => {
    const before = heads[i - 1]
    return !before || compareBytes(before.device, head.device) < 0
  })
}

/** Canonical bytes. */
export function headerBytes(header: Header): Bytes {
  const { heads, changeset } = header
  const at = 135 + heads.length * headSize
  const bytes = new Uint8Array(at + 4 + changeset.length)
  const view = new DataView(bytes.buffer)
  bytes.set(domain)
  bytes.set(header.campaign, 17)
  bytes.set(header.device, 33)
  view.setBigUint64(49, header.seq)
  bytes.set(header.previous, 57)
  view.setBigUint64(89, header.clock)
  view.setBigInt64(97, header.wall)
  view.setInt32(105, header.schema)
  bytes.set(header.epoch, 109)
  view.setBigUint64(125, header.revision)
  view.setUint16(133, heads.length)
  heads.forEach((head, i) => {
    bytes.set(head.device, 135 + i * headSize)
    view.setBigUint64(151 + i * headSize, head.seq)
  })
  view.setUint32(at, changeset.length)
  bytes.set(changeset, at + 4)
  return bytes
}

function malformed(what: string): Error {
  return new Error(`read entry: malformed: ${what}`)
}
