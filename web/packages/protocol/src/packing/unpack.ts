/** Unpacks a run of entries, as Go's package packing does. */
import { copy, type Bytes } from '../bytes'
import { schemaVersion } from '../catalogue.gen'
import { entryHash, entryMax } from '../entry'
import { idBytes } from '../id'
import { BitReader, unzigzag } from './bits'
import { inflate } from './compress'
import * as control from './controls'
import { areInOrder, headerBytes, headsMax, type Head, type Header } from './header'
import { expectClock, newShape, remember, type Model, type Shape } from './model'
import { modelAfter } from './pack'
import { entriesMax, readBefore, unpackedMax, type Place } from './place'
import { Sink } from './sink'
import { readChange, type Room } from './uncells'
import { readId } from './unids'
import { malformed, Uvarints } from './uvarints'

/** What a run is read from. */
export interface Unpacker {
  readonly model: Model
  readonly rooms: Map<Shape, Room>
  readonly control: Bytes
  readonly bits: BitReader
  readonly text: Bytes
  textAt: number
  /** Where the next of the controls outside of cells is. */
  extraAt: number
  out: Sink
}

interface Front {
  readonly flags: number
  readonly seq: bigint
  readonly count: number
  readonly changes: number
  readonly schema: number
  readonly control: Section
  readonly text: Section
  readonly rest: Bytes
}

interface Section {
  readonly size: number
  readonly packed: number
}

/** Gives back the canonical entries of a run that was packed at a place. */
export async function unpackRun(body: Bytes, place: Place): Promise<readonly Bytes[]> {
  const front = readFront(body)
  const needsBefore = (front.flags & control.runBefore) !== 0
  const before = needsBefore ? readBefore(place, front.seq) : []
  if (needsBefore && before.length === 0) throw malformed('entries before are missing')
  const version = front.schema || (before.at(-1)?.schema ?? 1)
  if (version > schemaVersion) throw malformed(`schema ${version}`)
  const { rest, control: controls, text } = front
  const textFrom = controls.packed
  const bitsFrom = textFrom + text.packed
  const isPacked = (flag: number): boolean => (front.flags & flag) !== 0
  const unpacker: Unpacker = {
    model: modelAfter(before, version, place),
    rooms: new Map(),
    control: isPacked(control.runControl)
      ? await inflate(rest.subarray(0, textFrom), controls.size)
      : rest.subarray(0, textFrom),
    text: isPacked(control.runText)
      ? await inflate(rest.subarray(textFrom, bitsFrom), text.size)
      : rest.subarray(textFrom, bitsFrom),
    bits: new BitReader(rest.subarray(bitsFrom)),
    textAt: 0,
    extraAt: 0,
    out: new Sink(),
  }
  return readEntries(unpacker, front, place)
}

function readFront(body: Bytes): Front {
  const [version, flags] = body
  if (version !== control.formatVersion || flags === undefined || flags > 31) {
    throw malformed('format')
  }
  const r = new Uvarints(body, 2)
  const seq = r.next(2n ** 63n - 1n - BigInt(entriesMax))
  const count = r.small(entriesMax)
  const changes = flags & control.runChanges ? r.small(unpackedMax) : count
  const schema = flags & control.runSchema ? r.small(2 ** 31 - 1) : 0
  const section = (packed: boolean): Section => {
    const size = r.small(unpackedMax)
    return { size, packed: packed ? r.small(unpackedMax) : size }
  }
  const controls = section((flags & control.runControl) !== 0)
  const text = section((flags & control.runText) !== 0)
  const rest = body.subarray(r.at)
  if (seq === 0n || count === 0 || controls.packed + text.packed > rest.length) {
    throw malformed('front')
  }
  return { flags, seq, count, changes, schema, control: controls, text, rest }
}

function readEntries(unpacker: Unpacker, front: Front, place: Place): readonly Bytes[] {
  const order = layOut(unpacker, front)
  const entries: Bytes[] = []
  const ends = { previous: copy(place.previous), order: 0, size: 0 }
  const [campaign, device] = [idBytes(place.campaign), idBytes(place.device)]
  for (let i = 0; i < front.count; i++) {
    const { header, changes } = readHeader(unpacker, i, front.count)
    unpacker.out = new Sink()
    if (changes === undefined) readRaw(unpacker)
    unpacker.model.row.wall = header.wall
    for (let n = changes ?? 0; n > 0; n--) {
      const shape = order[ends.order++]
      const room = shape && unpacker.rooms.get(shape)
      if (!shape || !room) throw malformed('changes end early')
      readChange(unpacker, shape, room)
      if (unpacker.out.length > entryMax) throw malformed('size')
    }
    const seq = front.seq + BigInt(i)
    const { previous } = ends
    const changeset = copy(unpacker.out.bytes())
    const entry = headerBytes({ ...header, campaign, device, seq, previous, changeset })
    ends.size += entry.length
    if (ends.size > unpackedMax) throw malformed('size')
    ends.previous = entryHash(entry)
    entries.push(entry)
  }
  const { control: controls, extraAt, text, textAt, bits } = unpacker
  const isDone = ends.order === order.length && extraAt === controls.length
  if (!isDone || textAt !== text.length || !bits.done()) throw malformed('more than its entries')
  return entries
}

/** Finds out what is where among the controls, and gives the shapes of the changes. */
function layOut(unpacker: Unpacker, { count, changes }: Front): readonly Shape[] {
  const { control: controls, model, rooms } = unpacker
  const places = controls.subarray(2 * count, 2 * count + changes)
  if (places.length !== changes) throw malformed('controls')
  const r = new Uvarints(controls, 2 * count + changes)
  const counts = new Map<Shape, number>()
  const order: Shape[] = []
  for (const place of places) {
    const shape = place === 0 ? readShape(model, r) : model.shapes[place - 1]
    if (!shape) throw malformed(`shape ${place}`)
    order.push(shape)
    counts.set(shape, (counts.get(shape) ?? 0) + 1)
  }
  unpacker.extraAt = r.at
  for (const shape of model.shapes) {
    const changesOf = counts.get(shape) ?? 0
    rooms.set(shape, { start: unpacker.extraAt, count: changesOf, used: 0 })
    unpacker.extraAt += changesOf * shape.cells.length
  }
  if (unpacker.extraAt > controls.length) throw malformed('controls')
  return order
}

function readShape(model: Model, r: Uvarints): Shape {
  const first = r.small(2 ** 31 - 1)
  const table = model.tables.get(first >> Number(control.shapeFlags))
  const flags = first & (control.shapeUpdate | control.shapeIndirect | control.shapeHeader)
  const filled = flags & control.shapeUpdate ? r.next(2n ** 64n - 1n) : 0n
  const isShape = table && filled >> BigInt(table.columns.length - 1) === 0n
  if (!isShape || model.shapes.length === control.shapesMax) throw malformed('shape')
  const shape = newShape(table, flags, filled)
  model.shapes.push(shape)
  return shape
}

type Read = Pick<Header, 'clock' | 'wall' | 'schema' | 'epoch' | 'revision' | 'heads'>

/** Reads what differs from the entry before; changes are none for a changeset as it is. */
function readHeader(
  unpacker: Unpacker,
  i: number,
  count: number,
): { header: Read; changes: number | undefined } {
  const { model, control: controls } = unpacker
  const flags = controls[i] ?? 0
  const has = (flag: number): boolean => (flags & flag) !== 0
  const number = (): bigint => readNumber(unpacker)
  const difference = unzigzag(readMagnitude(unpacker, controls[count + i] ?? 0))
  const wall = BigInt.asIntN(64, model.wall + difference)
  const expected = expectClock(model, wall)
  const clock = has(control.entryClock) ? expected + unzigzag(number()) : expected
  const epoch = has(control.entryEpoch)
    ? readId(unpacker, readExtra(unpacker), model.epochs, wall)
    : model.epoch
  const revision = has(control.entryRevision) ? model.revision + unzigzag(number()) : model.revision
  const heads = has(control.entryHeads) ? readHeads(unpacker, wall) : model.heads
  const schema = has(control.entrySchema) ? Number(number()) : model.version
  const changes = has(control.entryChanges) ? Number(number()) : 1
  const isRaw = has(control.entryRaw)
  if (flags > 127 || (isRaw ? has(control.entryChanges) : has(control.entrySchema))) {
    throw malformed(`flags ${flags}`)
  }
  if (schema < 1 || schema > 2 ** 31 - 1) throw malformed(`schema ${schema}`)
  const [clock64, revision64] = [BigInt.asUintN(64, clock), BigInt.asUintN(64, revision)]
  if (clock64 >> 63n || revision64 >> 63n) throw malformed('clock or revision')
  const header = { clock: clock64, wall, schema, epoch, revision: revision64, heads }
  remember(model, header)
  return { header, changes: isRaw ? undefined : changes }
}

function readHeads(unpacker: Unpacker, wall: bigint): readonly Head[] {
  const count = readNumber(unpacker)
  if (count > BigInt(headsMax)) throw malformed(`${count.toString()} heads`)
  const heads = Array.from({ length: Number(count) }, () => ({
    device: readId(unpacker, readExtra(unpacker), unpacker.model.devices, wall),
    seq: readNumber(unpacker),
  }))
  if (!areInOrder(heads)) throw malformed('heads out of order')
  return heads
}

/** Reads a changeset that stands among the texts. */
function readRaw(unpacker: Unpacker): void {
  const size = readNumber(unpacker)
  if (size > BigInt(unpacker.text.length - unpacker.textAt)) throw malformed('changeset')
  const end = unpacker.textAt + Number(size)
  unpacker.out.append(unpacker.text.subarray(unpacker.textAt, end))
  unpacker.textAt = end
}

/** Takes the next of the controls outside of cells. */
export function readExtra(unpacker: Unpacker): number {
  const extra = unpacker.control[unpacker.extraAt++]
  if (extra === undefined) throw malformed('numbers end early')
  return extra
}

export function readNumber(unpacker: Unpacker): bigint {
  return readMagnitude(unpacker, readExtra(unpacker))
}

export function readMagnitude({ bits }: Unpacker, length: number): bigint {
  if (length > 64) throw malformed(`number of ${length} bits`)
  return bits.magnitude(length)
}
