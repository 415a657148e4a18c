/** Tables as comma-separated values (RFC 4180), as strict as Go's encoding/csv. */
import { utf8 } from '@sansuiji/protocol'

import { refusal, type Refusal } from './problem'

/** A row of a table, and in which line it begins, from 1. */
export interface Row {
  readonly line: number
  readonly fields: readonly string[]
}

/** Reads the rows of a table. All have as many fields as the first; empty lines are none. */
export function* rowsOf(text: string): Generator<Row, void, undefined> {
  const reader = new Reader(text)
  let columns: number | undefined
  for (;;) {
    const row = reader.row()
    if (row === undefined) return
    columns ??= row.fields.length
    if (row.fields.length !== columns) throw refusal('frame-csv', String(row.line), '1')
    yield row
  }
}

class Reader {
  readonly #text: string
  #after = 0
  /** The line being read, with its line feed; where in it what is not read yet begins. */
  #line = ''
  #at = 0
  #number = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Reads on to the next line; false if there is none. Line ends are line feeds then. */
  #nextLine(): boolean {
    const end = this.#text.indexOf('\n', this.#after)
    const line = this.#text.slice(this.#after, end < 0 ? undefined : end + 1)
    this.#after += line.length
    if (line === '') return false
    this.#number++
    this.#at = 0
    this.#line = end < 0 ? line.replace(/\r$/, '') : line.replace(/\r\n$/, '\n')
    return true
  }

  row(): Row | undefined {
    do if (!this.#nextLine()) return undefined
    while (this.#rest() === '')
    const [line, fields] = [this.#number, [this.#field()]]
    while (this.#line[this.#at] === ',') {
      this.#at++
      fields.push(this.#field())
    }
    return { line, fields }
  }

  /** What is left of the line, without its line feed. */
  #rest(): string {
    return this.#line.slice(this.#at, this.#line.endsWith('\n') ? -1 : undefined)
  }

  /** Reads a field up to the comma or the line's end after it. */
  #field(): string {
    if (this.#line[this.#at] === '"') return this.#quoted()
    const comma = this.#line.indexOf(',', this.#at)
    const field = comma < 0 ? this.#rest() : this.#line.slice(this.#at, comma)
    const quote = field.indexOf('"')
    if (quote >= 0) throw this.#fail(this.#at + quote)
    this.#at += field.length
    return field
  }

  #quoted(): string {
    let field = ''
    this.#at++
    for (;;) {
      const quote = this.#line.indexOf('"', this.#at)
      if (quote < 0) {
        field += this.#line.slice(this.#at)
        if (!this.#nextLine() || this.#line === '') throw this.#fail(this.#line.length)
        continue
      }
      field += this.#line.slice(this.#at, quote)
      this.#at = quote + 1
      if (this.#line[this.#at] !== '"') break
      field += '"'
      this.#at++
    }
    if (this.#line[this.#at] !== ',' && this.#rest() !== '') throw this.#fail(this.#at - 1)
    return field
  }

  #fail(at: number): Refusal {
    const column = utf8(this.#line.slice(0, at)).length + 1
    return refusal('frame-csv', String(this.#number), String(column))
  }
}

/** Writes a row, with its line feed. */
export function rowText(fields: readonly string[]): string {
  return `${fields.map(fieldText).join(',')}\n`
}

function fieldText(field: string): string {
  const quoted = field === '\\.' || /[\n\r",]/.test(field) || isSpace(field.charAt(0))
  return quoted ? `"${field.replaceAll('"', '""')}"` : field
}

/** Whether a text is of Unicode's white space only. */
export function isSpace(text: string): boolean {
  return /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/.test(text)
}
