/**
 * JSON here is RFC 8785's, of objects, arrays, strings and integers only: keys are
 * ASCII and occur once, integers are at most 2^53-1 in size. Anything else is refused,
 * since two programs might read it in two ways.
 */
import { parseInteger } from './integers'
import { refusal, type Code, type Refusal } from './problem'

/** A value as it was read; an object's members in the order in which they stand. */
export type Value = string | number | readonly Value[] | ReadonlyMap<string, Value>

/** Bounds how deep values are nested. */
const depthMax = 32

/** Reads UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw refusal('not-utf8')
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads one value. Its problems say where, as line and column. */
export function parseJSON(text: string): Value {
  return new Parser(text).all()
}

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  all(): Value {
    const value = this.#value(0)
    this.#space()
    if (this.#at < this.#text.length) throw this.#fail('json-more')
    return value
  }

  /** Columns count characters, as editors do. */
  #fail(code: Code, ...args: readonly string[]): Refusal {
    const before = this.#text.slice(0, this.#at)
    const line = before.split('\n').length
    const column = Array.from(before.slice(before.lastIndexOf('\n') + 1)).length + 1
    return refusal(code, String(line), String(column), ...args)
  }

  #failAt(at: number, code: Code, ...args: readonly string[]): Refusal {
    this.#at = at
    return this.#fail(code, ...args)
  }

  #space(): void {
    while (this.#at < this.#text.length && ' \t\r\n'.includes(this.#text.charAt(this.#at))) {
      this.#at++
    }
  }

  /** Passes over spaces and gives the character that follows; empty at the end. */
  #next(): string {
    this.#space()
    return this.#text.charAt(this.#at)
  }

  #value(depth: number): Value {
    if (depth > depthMax) throw this.#fail('json-deep')
    const c = this.#next()
    if (c === '{') return this.#object(depth)
    if (c === '[') return this.#array(depth)
    if (c === '"') return this.#string()
    if (c === '-' || (c >= '0' && c <= '9')) return this.#integer()
    throw this.#fail('json-value')
  }

  #object(depth: number): Value {
    const members = new Map<string, Value>()
    this.#at++
    if (this.#ends('}')) return members
    do {
      const key = this.#key(members)
      if (this.#next() !== ':') throw this.#fail('json-colon')
      this.#at++
      members.set(key, this.#value(depth + 1))
    } while (this.#goesOn('}'))
    return members
  }

  #key(members: ReadonlyMap<string, Value>): string {
    if (this.#next() !== '"') throw this.#fail('json-key')
    const start = this.#at
    const key = this.#string()
    if (!isASCII(key)) throw this.#failAt(start, 'json-key-ascii', key)
    if (members.has(key)) throw this.#failAt(start, 'json-key-twice', key)
    return key
  }

  #array(depth: number): Value {
    const list: Value[] = []
    this.#at++
    if (this.#ends(']')) return list
    do list.push(this.#value(depth + 1))
    while (this.#goesOn(']'))
    return list
  }

  #ends(bracket: string): boolean {
    if (this.#next() !== bracket) return false
    this.#at++
    return true
  }

  /** Passes over a comma, or the end. */
  #goesOn(bracket: string): boolean {
    const c = this.#next()
    if (c !== ',' && c !== bracket) throw this.#fail('json-comma')
    this.#at++
    return c === ','
  }

  /** Reads a string; it begins at its quotation mark. */
  #string(): string {
    const start = this.#at
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const c = this.#text.charAt(this.#at)
      if (c === '"') {
        this.#at++
        const text = unquote(this.#text.slice(start, this.#at))
        if (text === undefined) throw this.#failAt(start, 'json-string')
        return text
      }
      if (c === '\\') this.#at++
      else if (c < ' ') throw this.#fail('json-string')
    }
    throw this.#failAt(start, 'json-string')
  }

  #integer(): number {
    const start = this.#at
    while (
      this.#at < this.#text.length &&
      '+-.0123456789eE'.includes(this.#text.charAt(this.#at))
    ) {
      this.#at++
    }
    const text = this.#text.slice(start, this.#at)
    const n = parseInteger(text)
    if (n === undefined) throw this.#failAt(start, 'json-integer', text)
    return n
  }
}

function isASCII(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}

/** The text in quotation marks; nothing if some of it stands for no character. */
function unquote(quoted: string): string | undefined {
  const text = quoted.includes('\\') ? unescape(quoted) : quoted.slice(1, -1)
  return text === undefined || text.includes('\ufffd') || /\p{Surrogate}/u.test(text)
    ? undefined
    : text
}

function unescape(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return undefined
  }
}

/**
 * A document as RFC 8785 has it: what its hash is of. Of plain objects, what is
 * undefined and lists of nothing are left out; values that were read keep all.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Error(`write JSON: ${value} is no integer`)
    return String(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value instanceof Map) return canonicalObject([...(value as ReadonlyMap<string, Value>)])
  if (typeof value !== 'object' || value === null) throw new Error(`write JSON: ${String(value)}`)
  return canonicalObject(Object.entries(value).filter(([, member]) => !isEmpty(member)))
}

function isEmpty(member: unknown): boolean {
  return member === undefined || (Array.isArray(member) && member.length === 0)
}

function canonicalObject(members: readonly (readonly [string, unknown])[]): string {
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1)) // ASCII, each once
  const texts = sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
  return `{${texts.join(',')}}`
}

/** A document as it would be read. */
export function treeOf(document: unknown): Value {
  return parseJSON(canonical(document))
}
