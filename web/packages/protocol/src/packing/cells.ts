/** Writes the values of changes. */
import { toHex } from '../bytes'
import { bitLength, zigzag } from './bits'
import { kindBlob, kindInteger, kindNull, kindText, type Change, type Value } from './changes'
import * as control from './controls'
import { writeId } from './ids'
import { pushCode, textOf } from './letters'
import {
  isSame,
  isV7,
  millisIn,
  naturalKey,
  noteId,
  predictions,
  type Cell,
  type Column,
  type Shape,
} from './model'
import { writeNumber, type Packer } from './packer'
import { Sink } from './sink'

const idSize = 16
const naturalParts = 2

/** Writes one change. */
export function writeChange(packer: Packer, change: Change, shape: Shape): void {
  const { row } = packer.model
  row.born = row.wall
  const sinks = sinksOf(packer, shape)
  const natural = naturalOf(packer, change)
  shape.cells.forEach((cell, i) => {
    const value = (cell.old ? change.old : change.now)[cell.column]
    const sink = sinks[i]
    if (!value || !sink) throw new Error('pack: a change does not have its shape')
    if (cell.old) row.old.set(cell.column, value)
    if (i > 0 || !natural) sink.push(writeCell(packer, value, cell, change))
    else sink.push(control.idNatural)
    if (i === 0 && isId(value) && isV7(value.bytes)) row.born = millisIn(value.bytes)
  })
  const key = change.table.columns[0]
  if (natural && key) {
    key.id = natural
    noteId(packer.model, natural)
  }
  row.old.clear()
}

function sinksOf({ out }: Packer, shape: Shape): readonly Sink[] {
  const known = out.cells.get(shape)
  if (known) return known
  const sinks = shape.cells.map(() => new Sink())
  out.cells.set(shape, sinks)
  return sinks
}

/** The key of an INSERT, if it follows from the row and was not met. */
function naturalOf({ model }: Packer, { flags, now, table }: Change): Uint8Array | undefined {
  const [key, ...rest] = now
  if (flags & control.shapeUpdate || !key || !isId(key) || (key.bytes[6] ?? 0) >> 4 !== 5) return
  if (table.columns[0] && isSame(key.bytes, table.columns[0].id)) return
  if (model.idPlaces.has(toHex(key.bytes))) return
  const parts = rest
    .filter((value, i) => isId(value) && table.columns[1 + i]?.kind === 'id')
    .slice(0, naturalParts)
  const natural = naturalKey(
    table.name,
    parts.map((part) => part.bytes),
  )
  return natural && isSame(natural, key.bytes) ? natural : undefined
}

function isId(value: Value): boolean {
  return value.kind === kindBlob && value.bytes.length === idSize
}

/** Writes one value and returns its control. */
function writeCell(packer: Packer, value: Value, cell: Cell, { table }: Change): number {
  const column = table.columns[cell.column]
  if (!column) throw new Error(`pack: no column ${cell.column} in ${table.name}`)
  switch (column.kind) {
    case 'integer':
      return writeInteger(packer, value, cell, column)
    case 'text':
    case 'bytes':
      return writeText(packer, value, cell, column)
    case 'id':
      if (value.kind === kindNull) return control.idNull
      if (!isId(value)) return writeOther(packer, value, control.idOther)
      return writeId(packer, value.bytes, column, packer.model.row.wall)
  }
}

function writeOther({ out }: Packer, value: Value, other: number): number {
  out.text.append(value.wire)
  return other
}

function writeInteger(packer: Packer, value: Value, cell: Cell, column: Column): number {
  if (value.kind === kindNull) return control.integerNull
  if (value.kind !== kindInteger) return writeOther(packer, value, control.integerOther)
  const differences = predictions(packer.model, column, cell).map((p) => zigzag(value.bits - p))
  let best = differences[column.mode] ?? 0n
  differences.forEach((difference, i) => {
    if (bitLength(best) - bitLength(difference) <= control.hardly) return
    best = difference
    column.mode = i
  })
  column.integer = value.bits
  return column.mode * control.integerClasses + packer.out.bits.magnitude(best)
}

function writeText(packer: Packer, value: Value, cell: Cell, column: Column): number {
  if (value.kind === kindNull) return control.textNull
  const kind = column.kind === 'text' ? kindText : kindBlob
  if (value.kind !== kind) return writeOther(packer, value, control.textOther)
  const choice = column.choices.findIndex((code) => isSame(code, value.bytes))
  if (choice >= 0 && choice < control.choicesMax) return control.textChoice + choice
  const last = column.text
  column.text = value.bytes
  const old = cell.old ? undefined : packer.model.row.old.get(cell.column)
  if (old?.kind === kind) {
    if (isSame(old.bytes, value.bytes)) return control.textOld
    const [head, tail] = shared(old.bytes, value.bytes)
    if (head + tail >= control.editMin) {
      writeNumber(packer, BigInt(head))
      writeNumber(packer, BigInt(tail))
      const middle = value.bytes.subarray(head, value.bytes.length - tail)
      packer.out.extras.push(spell(packer, middle))
      return control.textEdit
    }
  }
  if (last && isSame(last, value.bytes)) return control.textLast
  return spell(packer, value.bytes)
}

/** Writes bytes as they are or in the coded form, what is shorter. */
function spell({ out }: Packer, bytes: Uint8Array): number {
  const from = out.text.length
  const text = textOf(bytes)
  if (text !== undefined) pushCode(out.text, text)
  const size = out.text.length - from
  const length = BigInt(bytes.length)
  if (size > 0 && size <= bytes.length) return out.bits.magnitude(length)
  out.text.cut(from)
  out.text.append(bytes)
  return control.textPlain + out.bits.magnitude(length)
}

/** How many bytes two texts share at the beginning and at the end, in whole characters. */
function shared(a: Uint8Array, b: Uint8Array): readonly [number, number] {
  const most = Math.min(a.length, b.length)
  let head = 0
  while (head < most && a[head] === b[head]) head++
  let tail = 0
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  while (head > 0 && head < b.length && isInside(b[head])) head--
  while (tail > 0 && isInside(b[b.length - tail])) tail--
  return [head, tail]
}

/** Whether a byte is within a character of UTF-8. */
function isInside(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}
