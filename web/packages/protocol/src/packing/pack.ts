/** Packs a run of entries, as Go's package packing does: the same streams. */
import { join, type Bytes } from '../bytes'
import { schemaVersion } from '../catalogue.gen'
import { zigzag } from './bits'
import { writeChange } from './cells'
import { readChanges, type Change } from './changes'
import * as control from './controls'
import type { Header } from './header'
import { writeId } from './ids'
import { expectClock, isSame, newModel, newShape, remember, type Model, type Shape } from './model'
import { readBefore, readRun, type Place } from './place'
import { newStreams, writeNumber, type Packer } from './packer'
import { pushUvarint, Sink } from './sink'

/** A run before it is compressed. */
export interface Sections {
  /** The front up to the sizes of the sections, without the flags of compression. */
  readonly flags: number
  readonly front: Bytes
  readonly control: Bytes
  readonly text: Bytes
  readonly bits: Bytes
}

/** Writes the streams of a run. */
export function writeSections(entries: readonly Uint8Array[], place: Place): Sections {
  const run = readRun(entries, place)
  const first = run[0]
  if (!first) throw new Error('pack: no entries')
  const before = readBefore(place, first.seq)
  const version = Math.min(first.schema, schemaVersion)
  const packer: Packer = { model: newModel(version, place.device), out: newStreams() }
  for (const header of before) writeEntry(packer, header)
  packer.out = newStreams()
  for (const header of run) writeEntry(packer, header)
  return sectionsOf(packer, first.seq, run.length, before)
}

/** The model after the entries before a run. */
export function modelAfter(before: readonly Header[], version: number, place: Place): Model {
  const packer: Packer = { model: newModel(version, place.device), out: newStreams() }
  for (const header of before) writeEntry(packer, header)
  return packer.model
}

function writeEntry(packer: Packer, header: Header): void {
  const { model, out } = packer
  const at = out.flags.length
  out.flags.push(0)
  out.walls.push(out.bits.magnitude(zigzag(header.wall - model.wall)))
  let flags = writeHeader(packer, header)
  const changes = fitting(model, header)
  if (!changes) {
    flags |= control.entryRaw
    writeNumber(packer, BigInt(header.changeset.length))
    out.text.append(header.changeset)
  } else {
    if (changes.length !== 1) {
      flags |= control.entryChanges
      writeNumber(packer, BigInt(changes.length))
    }
    model.row.wall = header.wall
    for (const change of changes) writeChange(packer, change, shapeOf(packer, change))
  }
  out.flags.put(at, flags)
}

/** Writes what differs from the entry before, beside the wall time. */
function writeHeader(packer: Packer, header: Header): number {
  const { model, out } = packer
  let flags = 0
  const clock = expectClock(model, header.wall)
  if (header.clock !== clock) {
    flags |= control.entryClock
    writeNumber(packer, zigzag(header.clock - clock))
  }
  if (!isSame(header.epoch, model.epoch)) {
    flags |= control.entryEpoch
    out.extras.push(writeId(packer, header.epoch, model.epochs, header.wall))
  }
  if (header.revision !== model.revision) {
    flags |= control.entryRevision
    writeNumber(packer, zigzag(header.revision - model.revision))
  }
  if (!haveSameHeads(header, model)) {
    flags |= control.entryHeads
    writeNumber(packer, BigInt(header.heads.length))
    for (const head of header.heads) {
      out.extras.push(writeId(packer, head.device, model.devices, header.wall))
      writeNumber(packer, head.seq)
    }
  }
  if (header.schema !== model.version) {
    flags |= control.entrySchema
    writeNumber(packer, BigInt(header.schema))
  }
  remember(model, header)
  return flags
}

function haveSameHeads(a: Pick<Header, 'heads'>, b: Pick<Header, 'heads'>): boolean {
  if (a.heads.length !== b.heads.length) return false
  return a.heads.every((head, i) => {
    const other = b.heads[i]
    return other !== undefined && head.seq === other.seq && isSame(head.device, other.device)
  })
}

/** The changes of a changeset that can be told in cells. */
function fitting(model: Model, header: Header): readonly Change[] | undefined {
  if (header.schema !== model.version) return undefined
  const changes = readChanges(model, header.changeset)
  const unknown = new Set(changes?.map(shapeName).filter((name) => !model.shapePlaces.has(name)))
  return model.shapes.length + unknown.size > control.shapesMax ? undefined : changes
}

function shapeName({ table, flags, filled }: Change): string {
  return `${table.number} ${flags} ${filled.toString(16)}`
}

/** Writes which shape a change has, and what that is where it is new. */
function shapeOf({ model, out }: Packer, change: Change): Shape {
  const name = shapeName(change)
  const place = model.shapePlaces.get(name)
  const known = place === undefined ? undefined : model.shapes[place]
  if (known && place !== undefined) {
    out.order.push(1 + place)
    return known
  }
  const { table, flags, filled } = change
  const shape = newShape(table, flags, filled)
  model.shapePlaces.set(name, model.shapes.length)
  model.shapes.push(shape)
  out.order.push(0)
  pushUvarint(out.shapes, (BigInt(table.number) << control.shapeFlags) | BigInt(flags))
  if (flags & control.shapeUpdate) pushUvarint(out.shapes, filled)
  return shape
}

function sectionsOf(
  { model, out }: Packer,
  seq: bigint,
  count: number,
  before: readonly Header[],
): Sections {
  const changes = out.order.length
  const schema = before.at(-1)?.schema ?? 1
  const flags =
    (before.length > 0 ? control.runBefore : 0) |
    (changes === count ? 0 : control.runChanges) |
    (model.version === schema ? 0 : control.runSchema)
  const front = new Sink()
  pushUvarint(front, seq)
  pushUvarint(front, BigInt(count))
  if (flags & control.runChanges) pushUvarint(front, BigInt(changes))
  if (flags & control.runSchema) pushUvarint(front, BigInt(model.version))
  const cells = model.shapes.flatMap((shape) => out.cells.get(shape) ?? [])
  const parts = [out.flags, out.walls, out.order, out.shapes, ...cells, out.extras]
  return {
    flags,
    front: front.bytes(),
    control: join(...parts.map((part) => part.bytes())),
    text: out.text.bytes(),
    bits: out.bits.bytes(),
  }
}
