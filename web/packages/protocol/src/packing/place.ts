/** Where a run joins its device's chain. */
import { compareBytes, copy } from '../bytes'
import { entryHash } from '../entry'
import { idBytes, type Id } from '../id'
import { readHeader, type Header } from './header'

/** Limits of a packed run. They are those of a push in its plain form. */
export const entriesMax = 5000
export const unpackedMax = 32 << 20
/** How many entries before a run it may be packed with. */
export const beforeMax = 16

/** Both sides know it, so nothing of it travels. */
export interface Place {
  readonly campaign: Id
  readonly device: Id
  /** The hash of the entry before the run, or the genesis hash. */
  readonly previous: Uint8Array
  /**
   * The canonical bytes of the `beforeMax` entries before the run, or of all if
   * there are fewer, the oldest first. None at all: they are not at hand.
   */
  readonly before: readonly Uint8Array[]
}

/** How many entries before a seq a run may be packed with. */
export function beforeCount(seq: bigint): number {
  return seq > BigInt(beforeMax) ? beforeMax : Number(seq - 1n)
}

/** Reads the entries before a run; none where the place has not enough of them. */
export function readBefore(place: Place, seq: bigint): readonly Header[] {
  const count = beforeCount(seq)
  if (count === 0 || place.before.length < count) return []
  const list = place.before.slice(-count)
  const last = list[count - 1]
  if (!last || compareBytes(entryHash(last), place.previous) !== 0) {
    throw new Error('packed run stands elsewhere: the entry before has another hash')
  }
  return list.map((bytes, i) => {
    const header = readHeader(bytes)
    if (!isOf(header, place) || header.seq !== seq - BigInt(count - i)) {
      throw new Error(`packed run stands elsewhere: seq ${header.seq.toString()} before it`)
    }
    return header
  })
}

/** Whether an entry is of the device of a place. */
export function isOf(header: Header, place: Place): boolean {
  const campaign = compareBytes(header.campaign, idBytes(place.campaign))
  return campaign === 0 && compareBytes(header.device, idBytes(place.device)) === 0
}

/** Reads entries and proves that they are a run at the place. */
export function readRun(entries: readonly Uint8Array[], place: Place): readonly Header[] {
  if (entries.length === 0 || entries.length > entriesMax) {
    throw new Error(`pack: ${entries.length} entries`)
  }
  let previous = copy(place.previous)
  let size = 0
  const run: Header[] = []
  for (const bytes of entries) {
    const header = readHeader(bytes)
    const expected = run[0] ? run[0].seq + BigInt(run.length) : header.seq
    const follows = compareBytes(header.previous, previous) === 0 && header.seq === expected
    if (!follows || !isOf(header, place)) {
      throw new Error(`pack: seq ${header.seq.toString()} does not follow`)
    }
    size += bytes.length
    if (size > unpackedMax) throw new Error(`pack: more than ${unpackedMax} bytes`)
    previous = entryHash(bytes)
    run.push(header)
  }
  return run
}
