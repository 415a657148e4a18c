/**
 * Readers of documents of one form to the letter: another key, one in capitals, another
 * type, or an empty list where there should be none is refused.
 */
import { isHash, type Hash } from './bytes'
import { decodeText, parseJSON, type Value } from './json'
import { refusal } from './problem'

/** Reads what stands at a place, as in `plan.sample.n`; undefined if nothing does. */
export type Form<T> = (value: Value | undefined, place: string) => T

type Shape = Readonly<Record<string, Form<unknown>>>

type Read<F> = F extends Form<infer T> ? T : never

/** What a form of an object reads. */
export type Of<S extends Shape> = {
  readonly [K in keyof S as undefined extends Read<S[K]> ? never : K]: Read<S[K]>
} & {
  readonly [K in keyof S as undefined extends Read<S[K]> ? K : never]?: Read<S[K]>
}

/** A text, which may be empty. */
export const text: Form<string> = (value, place) => {
  if (typeof value !== 'string') throw refusal('json-form', place)
  return value
}

/** A text that is left out where it is empty. */
export const someText: Form<string | undefined> = (value, place) => {
  if (value === '') throw refusal('json-form', place)
  return value === undefined ? undefined : text(value, place)
}

/** An integer of at most 2^53-1 in size. */
export const integer: Form<number> = (value, place) => {
  if (typeof value !== 'number') throw refusal('json-form', place)
  return value
}

/** A hash. */
export const hash: Form<Hash> = (value, place) => {
  if (typeof value !== 'string' || !isHash(value)) throw refusal('json-form', place)
  return value
}

/** A list, which is left out where it is empty. */
export function list<T>(of: Form<T>): Form<readonly T[]> {
  return (value, place) => {
    if (value === undefined) return []
    if (!Array.isArray(value) || value.length === 0) throw refusal('json-form', place)
    return (value as readonly Value[]).map((one, i) => of(one, `${place}[${i + 1}]`))
  }
}

/** What may be left out. */
export function optional<T>(of: Form<T>): Form<T | undefined> {
  return (value, place) => (value === undefined ? undefined : of(value, place))
}

/** An object with these members and no others. */
export function object<S extends Shape>(shape: S): Form<Of<S>> {
  const keys = Object.keys(shape)
  return (value, place) => {
    if (!(value instanceof Map)) throw refusal('json-form', place)
    const members = value as ReadonlyMap<string, Value>
    const at = (key: string) => (place === '' ? key : `${place}.${key}`)
    for (const key of members.keys()) {
      if (!Object.hasOwn(shape, key)) throw refusal('json-form', at(key))
    }
    const entries = keys.map((key) => [key, shape[key]?.(members.get(key), at(key))] as const)
    return Object.fromEntries(entries.filter(([, member]) => member !== undefined)) as Of<S>
  }
}

/** Reads a document that must be of a form. */
export function decode<T>(bytes: Uint8Array, form: Form<T>): T {
  return form(parseJSON(decodeText(bytes)), '')
}
