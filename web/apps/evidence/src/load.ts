/** Reads what a file says. */
import { fromBase64, fromHex, idBytes, parseId, type Id } from '@sansuiji/protocol'

import { readBytes, textOf } from './given'
import { array, number, object, text, textOr } from './json'
import type { Label } from './report'

/** A column of a table. */
export interface Column {
  readonly name: string
  readonly type: string
  readonly label: Label
  readonly choices: ReadonlyMap<string, Label>
}

/** A value as the file has it: bytes are those of a member where `file` is given. */
export type Value =
  | { readonly kind: 'null' }
  | { readonly kind: 'integer'; readonly integer: bigint }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly text: string }
  | { readonly kind: 'file'; readonly file: string }

/** A row, and at which position each value was written last; 0: nobody, or not known. */
export interface Row {
  readonly table: Table
  readonly id: Id
  readonly values: readonly Value[]
  readonly positions: readonly number[]
  /** Which values stand in the entry that is said to have written them. */
  readonly proved: boolean[]
}

/** A table with its rows. */
export interface Table {
  readonly name: string
  readonly label: Label
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

/** A record of the history. */
export interface EntryLine {
  readonly position: number
  readonly epoch: Id
  readonly receivedAt: number
  readonly clock: bigint
  readonly device: Id
  readonly seq: number
  readonly hash: Uint8Array
  readonly proof: readonly Uint8Array[]
  /** Undefined: withheld. */
  readonly entry: Uint8Array | undefined
}

/** A device's signature over its chain up to an entry. */
export interface Seal {
  readonly device: Id
  readonly seq: number
  readonly signature: Uint8Array
}

/** What a number of the report stands for. */
export interface Source {
  readonly number: number
  readonly kind: Label
  readonly table: string
  /** Of the row; undefined: a sum. */
  readonly id: Id | undefined
  readonly rows: readonly Id[]
  readonly count: number
  readonly withheld: boolean
  readonly who: string
  readonly at: number
  readonly position: number
}

/** An attachment that the report shows. */
export interface Photo {
  readonly number: number | undefined
  readonly attachment: Id
  /** Of what it shows. */
  readonly table: string
  readonly subject: Id
  readonly hash: string
  readonly who: string
  /** Undefined: its bytes are not here. */
  readonly path: string | undefined
  readonly missing: string
}

/** All that a file says. */
export interface Content {
  readonly tables: readonly Table[]
  readonly rows: ReadonlyMap<string, Row>
  readonly entries: readonly EntryLine[]
  readonly seals: readonly Seal[]
  readonly sources: readonly Source[]
  readonly photos: readonly Photo[]
}

/** What a row is found by. */
export function rowKey(table: string, id: string): string {
  return `${table} ${id}`
}

/** Says which member could not be read. */
export class MemberError extends Error {
  readonly member: string

  constructor(member: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause))
    this.member = member
  }
}

/** Reads all; what is not as it should be is a MemberError. */
export async function load(blobs: ReadonlyMap<string, Blob>): Promise<Content> {
  const read = async <T>(path: string, parse: (text: string) => T): Promise<T> => {
    try {
      const blob = blobs.get(path)
      if (blob === undefined) throw new Error('it is not there')
      return parse(textOf(await readBytes(blob, 0, blob.size)))
    } catch (error) {
      throw new MemberError(path, error)
    }
  }
  const tables: Table[] = []
  for (const path of blobs.keys()) {
    if (/^rows\/.*\.json$/.test(path)) tables.push(await read(path, parseTable))
  }
  const rows = tables.flatMap(({ name, rows }) =>
    rows.map((row) => [rowKey(name, row.id), row] as const),
  )
  return {
    tables,
    rows: new Map(rows),
    entries: await read('history/entries.jsonl', (text) => linesOf(text).map(parseEntryLine)),
    seals: await read('history/seals.jsonl', (text) => linesOf(text).map(parseSeal)),
    sources: await read('sources.json', (json) => listIn(json, 'sources').map(parseSource)),
    photos: await read('photos.json', (json) => listIn(json, 'photos').map(parsePhoto)),
  }
}

function linesOf(text: string): readonly unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
}

function listIn(json: string, name: string): readonly unknown[] {
  return array(object(JSON.parse(json))[name])
}

function labelOf(value: unknown): Label {
  const { zh, en } = object(value)
  return { zh: text(zh), en: text(en) }
}

function parseTable(json: string): Table {
  const top = object(JSON.parse(json))
  const columns = array(top['columns']).map(parseColumn)
  const rows: Row[] = []
  const table = { name: text(top['table']), label: labelOf(top['label']), columns, rows }
  for (const one of array(top['rows'])) rows.push(parseRow(table, object(one)))
  return table
}

function parseColumn(value: unknown): Column {
  const { name, type, label, choices } = object(value)
  const list = array(choices ?? []).map((one) => {
    const { code, label: said } = object(one)
    return [text(code), labelOf(said)] as const
  })
  return { name: text(name), type: text(type), label: labelOf(label), choices: new Map(list) }
}

function parseRow(table: Table, row: Readonly<Record<string, unknown>>): Row {
  const positions = array(row['positions']).map(number)
  const cells = array(row['values'])
  const { length } = table.columns
  if (positions.length !== length || cells.length !== length) throw new Error('a row of this width')
  const values = table.columns.map(({ type }, i) => parseValue(type, cells[i]))
  const proved = positions.map(() => false)
  return { table, id: parseId(text(row['id'])), values, positions, proved }
}

function parseValue(type: string, value: unknown): Value {
  if (value === null) return { kind: 'null' }
  if (typeof value === 'object') return { kind: 'file', file: text(object(value)['file']) }
  if (type === 'integer') {
    const integer = typeof value === 'number' ? number(value) : text(value)
    return { kind: 'integer', integer: BigInt(integer) }
  }
  const said = text(value)
  switch (type) {
    case 'id':
      return { kind: 'bytes', bytes: idBytes(parseId(said)), text: said }
    case 'bytes':
      return { kind: 'bytes', bytes: fromHex(said), text: said }
    default:
      return { kind: 'text', text: said }
  }
}

function parseEntryLine(value: unknown): EntryLine {
  const line = object(value)
  const entry = line['entry']
  return {
    position: number(line['position']),
    epoch: parseId(text(line['epoch'])),
    receivedAt: number(line['received_at']),
    clock: BigInt(text(line['clock'])),
    device: parseId(text(line['device'])),
    seq: number(line['seq']),
    hash: fromBase64(text(line['hash'])),
    proof: array(line['proof']).map((hash) => fromBase64(text(hash))),
    entry: entry === undefined ? undefined : fromBase64(text(entry)),
  }
}

function parseSeal(value: unknown): Seal {
  const { device, seq, signature } = object(value)
  return {
    device: parseId(text(device)),
    seq: number(seq),
    signature: fromBase64(text(signature)),
  }
}

function parseSource(value: unknown): Source {
  const one = object(value)
  const id = one['id']
  return {
    number: number(one['number']),
    kind: labelOf(one['kind']),
    table: text(one['table']),
    id: id === undefined ? undefined : parseId(text(id)),
    rows: array(one['rows'] ?? []).map((row) => parseId(text(row))),
    count: one['count'] === undefined ? 0 : number(one['count']),
    withheld: one['withheld'] === true,
    who: text(one['who']),
    at: number(one['at']),
    position: number(one['position']),
  }
}

function parsePhoto(value: unknown): Photo {
  const one = object(value)
  return {
    number: one['number'] === undefined ? undefined : number(one['number']),
    attachment: parseId(text(one['attachment'])),
    table: textOr(one['table'], ''),
    subject: parseId(text(one['subject'])),
    hash: text(one['hash']),
    who: text(one['who']),
    path: one['path'] === undefined ? undefined : text(one['path']),
    missing: textOr(one['missing'], ''),
  }
}

/** A row's value in a column; undefined: there is no such column. */
export function cellOf(row: Row, name: string): Value | undefined {
  return row.values[row.table.columns.findIndex((column) => column.name === name)]
}

/** Whether an entry proves a row's value in a column. */
export function isProved(row: Row, name: string): boolean {
  return row.proved[row.table.columns.findIndex((column) => column.name === name)] ?? false
}

/** A value's text, if it is one, or the text that stands for bytes. */
export function plain(value: Value | undefined): string {
  return value?.kind === 'text' || value?.kind === 'bytes' ? value.text : ''
}
