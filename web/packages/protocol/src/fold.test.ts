import { readdirSync, readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { tableOf, type Column, type Table } from './catalogue'
import { sameValue, type CellValue } from './fold'
import { foldSet, type Fold, type FoldEntry, type RowChange } from './foldset'

// The cases of testdata/merge, which Go runs too; README.md there says how they are written.
const folder = new URL('../../../../testdata/merge/', import.meta.url)

/** What headquarters has done before every story: everybody knows it. */
const prologue = 'H1 @1: + visit V; + visit W team_id=two'

interface Person {
  readonly headquarters: boolean
  readonly inspector: string
  readonly teams: readonly string[]
}

/** Headquarters and the devices; their letters stand for ids that rise in this order. */
const devices = ['H', 'A', 'B', 'C']
const people = new Map<string, Person>([
  ['H', { headquarters: true, inspector: 'X', teams: [] }],
  ['A', { headquarters: false, inspector: 'X', teams: ['one', 'two'] }],
  ['B', { headquarters: false, inspector: 'Y', teams: ['one', 'two'] }],
  ['C', { headquarters: false, inspector: 'X', teams: ['one'] }],
])

interface Story {
  readonly name: string
  readonly lines: readonly string[]
  readonly want: readonly string[]
}

function readStories(file: string): readonly Story[] {
  const blocks = readFileSync(new URL(file, folder), 'utf8').split(/^case /m)
  return blocks.slice(1).map((block) => {
    const [head = '', tail = ''] = block.split(/^then$/m)
    const [name = '', ...lines] = head.split('\n')
    return { name, lines: trimmed(lines), want: trimmed(tail.split('\n')) }
  })
}

function trimmed(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '')
}

interface Name {
  readonly device: string
  readonly seq: number
}

function nameOf(text: string): Name {
  return { device: String(devices.indexOf(text.charAt(0))), seq: Number(text.slice(1)) }
}

function label(name: Name): string {
  return `${devices[Number(name.device)] ?? '?'}${String(name.seq)}`
}

type Draft = FoldEntry & { readonly knows: Map<string, number> }

function entryOf(line: string): Draft {
  const [head = '', ...tail] = line.split(': ')
  const [name = '', when = '', , seen = ''] = head.split(' ')
  const person = people.get(name.charAt(0))
  if (!person) throw new Error(`${line}: nobody`)
  const knows = new Map([['0', 1]])
  for (const other of seen
    .split(',')
    .filter((text) => text !== '')
    .map(nameOf)) {
    knows.set(other.device, other.seq)
  }
  const own = nameOf(name)
  knows.delete(own.device)
  const changes = tail.join(': ').split('; ')
  return {
    ...own,
    ...person,
    clock: BigInt(when.slice(1)),
    knows,
    changes: changes.map((text) => changeOf(text, person)),
  }
}

/** Lets everybody know what those whom they have seen knew. */
function closeKnowledge(entries: readonly Draft[]): void {
  for (let round = 0; round < entries.length; round++) {
    for (const entry of entries) {
      for (const other of entries) {
        const own = other.device === entry.device && other.seq < entry.seq
        const seen = own || (entry.knows.get(other.device) ?? 0) >= other.seq
        if (!seen) continue
        for (const [device, seq] of other.knows) {
          if (device !== entry.device) {
            entry.knows.set(device, Math.max(seq, entry.knows.get(device) ?? 0))
          }
        }
      }
    }
  }
}

function changeOf(text: string, person: Person): RowChange {
  const words = text.split(' ')
  const operation = words[0] === '+' ? 'insert' : words[0] === 'x' ? 'delete' : 'update'
  const [name = '', row = '', ...rest] = operation === 'update' ? words : words.slice(1)
  const table = tableOf(name)
  if (!table) throw new Error(`${text}: no table`)
  const cells = new Map<string, CellValue>()
  if (operation === 'insert') {
    for (const column of table.columns) cells.set(column.name, usual(table, column, person))
  }
  for (const word of rest) {
    const [column = '', value = ''] = word.split('=')
    const type = table.columns.find((c) => c.name === column)?.type
    cells.set(column, value === '-' ? null : type === 'integer' ? Number(value) : value)
  }
  return { table, row, operation, cells }
}

/** What an INSERT has in a column that a case does not mention. */
function usual(table: Table, column: Column, person: Person): CellValue {
  if (column.name === 'team_id') return 'one'
  if (column.name === table.author) return person.inspector
  if (column.name === table.scope.column) return table.scope.parent === 'visit' ? 'V' : 'F'
  if (column.required && column.default === undefined) return column.type === 'id' ? 'U' : '無'
  return column.default ?? null
}

/** Writes down what comes of a story, as Go does. */
function tell(story: Story, entries: readonly FoldEntry[], fold: Fold): readonly string[] {
  const touched = new Set(
    entries.slice(1).flatMap((e) => e.changes.map((c) => `${c.table.name} ${c.row}`)),
  )
  const rows = [...fold.rows.values()]
    .filter((row) => touched.has(`${row.table.name} ${row.row}`))
    .sort((a, b) => a.table.number - b.table.number || (a.row < b.row ? -1 : 1))
  const lines = rows.map((row) => {
    const scope = row.scope === '' ? 'of headquarters' : `of ${row.scope.replace(':', ' ')}`
    const cells = row.table.columns
      .filter((column) => mentions(story, `${row.table.name} ${row.row}`, column.name))
      .map((column) => {
        const cell = row.cells.get(column.name)
        return cell ? ` ${column.name}=${shown(cell.value)}/${label(cell)}` : ''
      })
    return `${row.table.name} ${row.row} ${scope}:${cells.join('')}`
  })
  const competitions = [...fold.competitions].sort(
    (a, b) => a.table.number - b.table.number || (a.row < b.row ? -1 : a.row > b.row ? 1 : 0),
  )
  for (const c of competitions) {
    const writes = [...c.writes].sort(
      (a, b) => Number(a.device) - Number(b.device) || a.seq - b.seq,
    )
    const agree = writes.every((w) => sameValue(w.value, writes[0]?.value ?? null))
    const list = writes.map((w) => ` ${label(w)}=${shown(w.value)}`).join('')
    lines.push(`${agree ? 'agreement' : 'conflict'} ${c.table.name} ${c.row} ${c.column}:${list}`)
  }
  for (const entry of entries) {
    const fate = fold.fates.get(entry)
    if (fate && fate.outcome !== 'merged') {
      lines.push(`${label(entry)} ${fate.outcome} ${fate.reason}`.trim())
    }
  }
  return lines
}

function mentions(story: Story, row: string, column: string): boolean {
  return story.lines.some((line) =>
    line
      .slice(line.indexOf(': ') + 2)
      .split('; ')
      .some((change) => `${change} `.includes(`${row} `) && change.includes(` ${column}=`)),
  )
}

function shown(value: CellValue): string {
  return value === null ? '-' : String(value)
}

const files = readdirSync(folder).filter((file) => file.endsWith('.txt'))

describe.each(files)('the merge cases of %s', (file) => {
  test.each(readStories(file))('$name', (story) => {
    const entries = [prologue, ...story.lines].map(entryOf)
    closeKnowledge(entries)
    const want = story.want.filter((line) => !line.startsWith('over '))
    expect(tell(story, entries, foldSet(entries))).toEqual(want)
    const others = [...entries].reverse()
    const fold = foldSet(others)
    expect(tell(story, entries, fold)).toEqual(want)
  })
})
