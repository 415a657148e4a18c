/** Reads the values of changes. */
import { utf8 } from '../bytes'
import { entryMax } from '../entry'
import { unzigzag } from './bits'
import {
  absent,
  kindAbsent,
  kindBlob,
  kindInteger,
  kindNull,
  kindText,
  readValue,
  type Value,
} from './changes'
import * as control from './controls'
import { letterAt } from './letters'
import {
  isV7,
  millisIn,
  naturalKey,
  noteId,
  predictions,
  type Cell,
  type Column,
  type Shape,
} from './model'
import { Sink } from './sink'
import { readId } from './unids'
import { readExtra, readMagnitude, readNumber, type Unpacker } from './unpack'
import { malformed } from './uvarints'

/** Where the controls of a shape are. */
export interface Room {
  readonly start: number
  /** How many changes have it. */
  readonly count: number
  /** How many of them are read. */
  used: number
}

const opInsert = 18
const opUpdate = 23

/** Reads one change and appends it to the changeset. */
export function readChange(unpacker: Unpacker, shape: Shape, room: Room): void {
  const { out, model } = unpacker
  const isUpdate = (shape.flags & control.shapeUpdate) !== 0
  if (shape.flags & control.shapeHeader) out.append(shape.table.header)
  out.push(isUpdate ? opUpdate : opInsert)
  out.push(shape.flags & control.shapeIndirect ? 1 : 0)
  model.row.born = model.row.wall
  const values = shape.cells.map((cell, i) => {
    const at = room.start + i * room.count + room.used
    const value = readCell(unpacker, unpacker.control[at] ?? 0, cell, shape)
    if (cell.old) model.row.old.set(cell.column, value)
    if (i === 0 && value.bytes.length === 16 && isV7(value.bytes)) {
      model.row.born = millisIn(value.bytes)
    }
    return value
  })
  if (values[0]?.kind === kindAbsent) values[0] = fillKey(unpacker, shape, values)
  writeRecords(out, shape, values, isUpdate)
  model.row.old.clear()
  room.used++
}

function writeRecords(out: Sink, shape: Shape, values: readonly Value[], isUpdate: boolean): void {
  for (const old of isUpdate ? [true, false] : [false]) {
    for (let column = 0; column < shape.table.columns.length; column++) {
      const i = shape.cells.findIndex((cell) => cell.column === column && cell.old === old)
      const value = values[i]
      if (value) out.append(value.wire)
      else out.push(kindAbsent)
    }
  }
}

/** The key that follows from a row. */
function fillKey({ model }: Unpacker, { table, cells }: Shape, values: readonly Value[]): Value {
  const parts = values.filter((value, i) => {
    const kind = table.columns[cells[i]?.column ?? 0]?.kind
    return i > 0 && kind === 'id' && value.kind === kindBlob && value.bytes.length === 16
  })
  const key = naturalKey(
    table.name,
    parts.map((part) => part.bytes),
  )
  const column = table.columns[0]
  if (!key || !column) throw malformed('natural key')
  column.id = key
  noteId(model, key)
  return valueOf(kindBlob, key)
}

/** A text or a blob. */
function valueOf(kind: number, bytes: Uint8Array): Value {
  const wire = new Sink()
  wire.push(kind)
  for (let shift = 21; shift > 0; shift -= 7) {
    if (bytes.length >> shift) wire.push(((bytes.length >> shift) & 0x7f) | 0x80)
  }
  wire.push(bytes.length & 0x7f)
  wire.append(bytes)
  const all = wire.bytes()
  return { kind, bits: 0n, bytes: all.subarray(all.length - bytes.length), wire: all }
}

const nullValue: Value = { ...absent, kind: kindNull, wire: Uint8Array.of(kindNull) }

function readCell(unpacker: Unpacker, byte: number, cell: Cell, shape: Shape): Value {
  const column = shape.table.columns[cell.column]
  switch (column?.kind) {
    case 'integer':
      return readInteger(unpacker, byte, cell, column)
    case 'text':
    case 'bytes':
      return readText(unpacker, byte, cell, column)
    case 'id':
      return readIdCell(unpacker, byte, cell, shape, column)
    case undefined:
      throw malformed(`column ${cell.column}`)
  }
}

/** Reads a value that stands among the texts in its wire form. */
function readOther(unpacker: Unpacker): Value {
  const value = readValue(unpacker.text, unpacker.textAt)
  if (!value || value.kind === kindAbsent) throw malformed('value among the texts')
  unpacker.textAt += value.wire.length
  return value
}

function readInteger(unpacker: Unpacker, byte: number, cell: Cell, column: Column): Value {
  if (byte === control.integerNull) return nullValue
  if (byte === control.integerOther) return readOther(unpacker)
  const predicted = predictions(unpacker.model, column, cell)[
    Math.floor(byte / control.integerClasses)
  ]
  if (byte > control.integerOther || predicted === undefined) throw malformed(`integer ${byte}`)
  const difference = unzigzag(readMagnitude(unpacker, byte % control.integerClasses))
  column.integer = BigInt.asUintN(64, predicted + difference)
  const wire = new Uint8Array(9)
  wire[0] = kindInteger
  new DataView(wire.buffer).setBigUint64(1, column.integer)
  return { kind: kindInteger, bits: column.integer, bytes: absent.bytes, wire }
}

function readText(unpacker: Unpacker, byte: number, cell: Cell, column: Column): Value {
  const kind = column.kind === 'text' ? kindText : kindBlob
  if (byte === control.textNull) return nullValue
  if (byte === control.textOther) return readOther(unpacker)
  if (byte >= control.textChoice) {
    const choice = column.choices[byte - control.textChoice]
    if (!choice) throw malformed(`choice ${byte}`)
    return valueOf(kind, choice)
  }
  if (byte === control.textLast && column.text) return valueOf(kind, column.text)
  const old = cell.old ? undefined : unpacker.model.row.old.get(cell.column)
  const text = new Sink()
  if (byte < control.textNull) spell(unpacker, byte, text)
  else if (old?.kind !== kind) throw malformed(`control ${byte} of a text`)
  else if (byte === control.textOld) text.append(old.bytes)
  else if (byte === control.textEdit) readEdit(unpacker, old.bytes, text)
  else throw malformed(`control ${byte} of a text`)
  const value = valueOf(kind, text.bytes())
  column.text = value.bytes
  return value
}

function readEdit(unpacker: Unpacker, old: Uint8Array, text: Sink): void {
  const [head, tail] = [readNumber(unpacker), readNumber(unpacker)]
  if (head + tail > BigInt(old.length)) throw malformed('edit')
  text.append(old.subarray(0, Number(head)))
  spell(unpacker, readExtra(unpacker), text)
  text.append(old.subarray(old.length - Number(tail)))
}

/** Reads a text that is spelled out. */
function spell(unpacker: Unpacker, byte: number, text: Sink): void {
  const isPlain = byte >= control.textPlain
  const size = Number(readMagnitude(unpacker, isPlain ? byte - control.textPlain : byte))
  if (size > entryMax || (isPlain && size > unpacker.text.length - unpacker.textAt)) {
    throw malformed(`text of ${size} bytes`)
  }
  if (isPlain) {
    text.append(unpacker.text.subarray(unpacker.textAt, unpacker.textAt + size))
    unpacker.textAt += size
    return
  }
  const end = text.length + size
  while (text.length < end) {
    const letter = letterAt(unpacker.text, unpacker.textAt)
    if (!letter) throw malformed('text ends early')
    text.append(utf8(letter[0]))
    unpacker.textAt += letter[1]
  }
  if (text.length !== end) throw malformed('text')
}

function readIdCell(
  unpacker: Unpacker,
  byte: number,
  cell: Cell,
  shape: Shape,
  column: Column,
): Value {
  switch (byte) {
    case control.idNull:
      return nullValue
    case control.idOther:
      return readOther(unpacker)
    case control.idNatural:
      if (cell.column > 0 || shape.flags & control.shapeUpdate) throw malformed('natural key')
      return absent
    default:
      return valueOf(kindBlob, readId(unpacker, byte, column, unpacker.model.row.wall))
  }
}
