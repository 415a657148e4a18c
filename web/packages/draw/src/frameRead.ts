/** Frames as files. */
import { utf8 } from '@sansuiji/protocol'

import { compareText, hashOf, sum } from './bytes'
import { isSpace, rowsOf, rowText } from './csv'
import { coordinateMax, isID, newFrame, type Attribute, type Frame, type Unit } from './frame'
import { parseInteger } from './integers'
import { decodeText, parseJSON, type Value } from './json'
import { Refusal, refusal } from './problem'

/**
 * Reads a frame from CSV with a header, or from JSON lines. Columns, and keys, are id
 * and stratum, and as need be class, size, eligible (1 or 0), exclusion, x_m and y_m;
 * all others are attributes. Rows may stand in any order.
 */
export function readFrame(file: Uint8Array): Frame {
  const whole = decodeText(file)
  const text = whole.startsWith('\ufeff') ? whole.slice(1) : whole // as spreadsheets write it
  const units = /^[ \t\r\n]*\{/.test(text) ? readLines(text) : readTable(text)
  return newFrame(units, hashOf(sum(file)))
}

/** The columns of a frame that are no attributes. */
const fields = ['id', 'stratum', 'class', 'size', 'eligible', 'exclusion', 'x_m', 'y_m']

/** Columns that may be empty, as if they were not there. */
const blank = ['size', 'eligible', 'x_m', 'y_m']

const anyCapitals = new RegExp(`^(?:${fields.join('|')})$`, 'iu')

/** Whether a name is that of a column in other capitals: it would be taken for an attribute. */
function isMisspelt(name: string): boolean {
  return anyCapitals.test(name) && !fields.includes(name)
}

function readTable(text: string): readonly Unit[] {
  const units: Unit[] = []
  let header: readonly string[] | undefined
  for (const { line, fields: texts } of rowsOf(text)) {
    if (header === undefined) {
      checkHeader(texts)
      header = texts
      continue
    }
    const unit = newRow()
    for (const [i, name] of header.entries()) setField(unit, line, name, texts[i] ?? '')
    units.push(done(unit))
  }
  if (header === undefined) throw refusal('frame-empty')
  return units
}

function checkHeader(header: readonly string[]): void {
  const seen = new Set<string>()
  for (const [i, name] of header.entries()) {
    if (name === '' || seen.has(name) || isMisspelt(name))
      throw refusal('frame-column', String(i + 1), name)
    seen.add(name)
  }
  for (const name of ['id', 'stratum']) {
    if (!seen.has(name)) throw refusal('frame-no-column', name)
  }
}

function readLines(text: string): readonly Unit[] {
  const units: Unit[] = []
  for (const [i, one] of linesOf(text).entries()) {
    if (isSpace(one)) continue
    const unit = newRow()
    for (const [name, value] of membersOf(one, i + 1)) {
      if ((typeof value !== 'string' && typeof value !== 'number') || isMisspelt(name)) {
        throw refusal('frame-value', String(i + 1), name)
      }
      setField(unit, i + 1, name, String(value))
    }
    units.push(done(unit))
  }
  return units
}

/** The lines of a text, with their line feeds. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function membersOf(text: string, line: number): ReadonlyMap<string, Value> {
  const value = inLine(line, () => parseJSON(text))
  if (!(value instanceof Map)) throw refusal('frame-line', String(line))
  return value as ReadonlyMap<string, Value>
}

/** Says of a problem in a line which of the file's it is. */
function inLine<T>(line: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, args } = error.problem
    throw refusal(code, String(line), ...args.slice(1))
  }
}

/** A unit being read. */
interface Reading extends Unit {
  id: string
  stratum: string
  class: string
  size: number
  eligible: boolean
  exclusion: string
  x: number
  y: number
  attributes: Attribute[]
}

function newRow(): Reading {
  return {
    id: '',
    stratum: '',
    class: '',
    size: 1,
    eligible: true,
    exclusion: '',
    x: 0,
    y: 0,
    attributes: [],
  }
}

function done(unit: Reading): Unit {
  unit.attributes.sort((a, b) => compareText(a.key, b.key))
  return unit
}

function setField(unit: Reading, line: number, name: string, text: string): void {
  if (hasControl(text)) throw refusal('frame-value', String(line), name)
  if (text === '' && blank.includes(name)) return
  switch (name) {
    case 'id':
      if (!isID(text)) throw refusal('frame-row-id', String(line), text)
      unit.id = text
      break
    case 'stratum':
    case 'class':
    case 'exclusion':
      unit[name] = text
      break
    case 'size':
      unit.size = sizeIn(text, line)
      break
    case 'eligible':
      if (text !== '0' && text !== '1') throw refusal('frame-value', String(line), name)
      unit.eligible = text === '1'
      break
    case 'x_m':
      unit.x = metresIn(text, line, name)
      break
    case 'y_m':
      unit.y = metresIn(text, line, name)
      break
    default:
      if (text !== '') unit.attributes.push({ key: name, value: text })
  }
}

/** Whether a text holds a control character, which no field may. */
export function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 || unit === 0x7f) return true
  }
  return false
}

function sizeIn(text: string, line: number): number {
  const n = parseInteger(text)
  if (n === undefined || n < 0) throw refusal('frame-row-size', String(line), text)
  return n
}

function metresIn(text: string, line: number, name: string): number {
  const n = parseInteger(text)
  if (n === undefined || Math.abs(n) > coordinateMax) {
    throw refusal('frame-value', String(line), name)
  }
  return n
}

/** A frame as CSV: what a draw's file is. */
export function frameFile(frame: Frame): Uint8Array {
  const keys = new Set(frame.units.flatMap((unit) => unit.attributes.map(({ key }) => key)))
  const extra = [...keys].sort(compareText)
  const rows = frame.units.map((u) => {
    const values = new Map(u.attributes.map(({ key, value }) => [key, value]))
    return rowText([
      ...[u.id, u.stratum, u.class, String(u.size), u.eligible ? '1' : '0', u.exclusion],
      ...[String(u.x), String(u.y)],
      ...extra.map((key) => values.get(key) ?? ''),
    ])
  })
  return utf8(rowText([...fields, ...extra]) + rows.join(''))
}
