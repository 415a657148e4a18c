/**
 * What both sides know at a point of a run: what the next value is held against.
 * Packing and unpacking change it in the same steps.
 */
import { compareBytes, copy, toHex, utf8, type Bytes } from '../bytes'
import type { Column as CatalogueColumn, Table as CatalogueTable } from '../catalogue'
import { tables } from '../catalogue.gen'
import * as hybridClock from '../clock'
import { idBytes, idOf, naturalId, noId, type Id } from '../id'
import type { Value } from './changes'
import { shapeUpdate } from './controls'
import type { Head, Header } from './header'

/** What was last seen in a column. */
export interface Column {
  readonly kind: CatalogueColumn['type']
  /** The codes that may stand in it. */
  readonly choices: readonly Bytes[]
  integer: bigint
  text: Uint8Array | undefined
  id: Uint8Array
  /** The time in the last id of version 7, milliseconds. */
  born: bigint
  /** The integer prediction that was used last. */
  mode: number
}

/** A table at the schema version of the run. */
export interface Table {
  readonly number: number
  readonly name: string
  /** As in a changeset. */
  readonly header: Bytes
  readonly columns: readonly Column[]
}

/** One value of a change. */
export interface Cell {
  /** 0 is the key. */
  readonly column: number
  readonly old: boolean
}

/** What two changes may have in common: all but the values. */
export interface Shape {
  readonly table: Table
  readonly flags: number
  readonly filled: bigint
  readonly cells: readonly Cell[]
}

/** What the cells of one change have in common. */
export interface Row {
  /** The wall time of the entry. */
  wall: bigint
  /** When the row's id was minted, or the wall time if it does not say. */
  born: bigint
  readonly old: Map<number, Value>
}

export interface Model {
  readonly version: number
  readonly tables: ReadonlyMap<number, Table>
  readonly byName: ReadonlyMap<string, Table>
  readonly shapes: Shape[]
  readonly shapePlaces: Map<string, number>
  /** The ids that were written out, the oldest first, and their places. */
  readonly ids: Uint8Array[]
  readonly idPlaces: Map<string, number>
  readonly epochs: Column
  readonly devices: Column
  readonly row: Row
  clock: bigint
  wall: bigint
  epoch: Uint8Array
  revision: bigint
  heads: readonly Head[]
}

/** A model that knows the device alone. */
export function newModel(version: number, device: Id): Model {
  const known = tables
    .filter((table) => table.since <= version)
    .map((table) => tableOf(table, version))
  const model: Model = {
    version,
    tables: new Map(known.map((table) => [table.number, table])),
    byName: new Map(known.map((table) => [table.name, table])),
    shapes: [],
    shapePlaces: new Map(),
    ids: [],
    idPlaces: new Map(),
    epochs: columnOf('id', []),
    devices: columnOf('id', []),
    row: { wall: 0n, born: 0n, old: new Map() },
    clock: 0n,
    wall: 0n,
    epoch: new Uint8Array(16),
    revision: 0n,
    heads: [],
  }
  noteId(model, idBytes(device))
  return model
}

function tableOf(table: CatalogueTable, version: number): Table {
  const columns = table.columns
    .filter((column) => column.since <= version)
    .map((c) => columnOf(c.type, c.choices?.map((choice) => choice.code) ?? []))
  const flags = columns.map(() => 0)
  const header = [0x54, 1 + columns.length, 1, ...flags, ...utf8(table.name), 0]
  return {
    number: table.number,
    name: table.name,
    header: Uint8Array.from(header),
    columns: [columnOf('id', []), ...columns],
  }
}

function columnOf(kind: Column['kind'], codes: readonly string[]): Column {
  return {
    kind,
    choices: codes.map(utf8),
    integer: 0n,
    text: undefined,
    id: idBytes(noId),
    born: 0n,
    mode: 0,
  }
}

/** A shape with its cells in the order of the changeset. */
export function newShape(table: Table, flags: number, filled: bigint): Shape {
  const update = (flags & shapeUpdate) !== 0
  const columns = table.columns
    .map((_, i) => i)
    .filter((i) => i > 0 && (!update || ((filled >> BigInt(i - 1)) & 1n) === 1n))
  const before = update ? columns.map((column) => ({ column, old: true })) : []
  const after = columns.map((column) => ({ column, old: false }))
  return { table, flags, filled, cells: [{ column: 0, old: update }, ...before, ...after] }
}

/** Adds an id to those that were written. */
export function noteId(model: Model, id: Uint8Array): void {
  model.idPlaces.set(toHex(id), model.ids.length)
  model.ids.push(copy(id))
}

/** The clock of an entry that was given by the device's own clock. */
export function expectClock(model: Model, wall: bigint): bigint {
  const lowest = wall < 0n ? 0n : wall > millisMax ? millisMax : wall
  return hybridClock.next(model.clock, Number(lowest))
}

const millisMax = (1n << 48n) - 1n

/** What of an entry the next one is held against. */
export type Remembered = Pick<Header, 'clock' | 'wall' | 'epoch' | 'revision' | 'heads'>

/** Takes over from an entry what the next one is held against. */
export function remember(model: Model, header: Remembered): void {
  model.clock = header.clock
  model.wall = header.wall
  model.epoch = header.epoch
  model.revision = header.revision
  model.heads = header.heads
}

/** The three values an integer is held against. */
export function predictions(model: Model, column: Column, cell: Cell): readonly bigint[] {
  const old = cell.old ? undefined : model.row.old.get(cell.column)
  const third = old?.kind === 1 ? old.bits : model.row.born
  return [model.row.wall, column.integer, third]
}

/** The key of a row of which no two should be made, from its first two ids. */
export function naturalKey(table: string, parts: readonly Uint8Array[]): Bytes | undefined {
  const [first, second] = parts
  if (!first || !second) return undefined
  return idBytes(naturalId(table, idOf(first), idOf(second)))
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0
}

export function isV7(id: Uint8Array): boolean {
  return (id[6] ?? 0) >> 4 === 7 && (id[8] ?? 0) >> 6 === 2
}

/** The time in an id of version 7, milliseconds. */
export function millisIn(id: Uint8Array): bigint {
  return viewOf(id).getBigUint64(0) >> 16n
}

/** The bytes as numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
