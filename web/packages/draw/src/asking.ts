/** Whom may be asked: people in the order of the draw. */
import { text, type Of } from './form'
import { refusal } from './problem'
import type { Chosen } from './roster'
import { parseTime } from './time'

export const contactShape = { key: text, at: text, result: text }

/** An attempt to ask somebody. */
export type ContactRecord = Of<typeof contactShape>

interface Opened {
  readonly n: number
  readonly opened_at: string
}

/**
 * Results of a contact after which somebody is not tried again and the next may be
 * asked; by AAPOR's standard definitions 2.1, 2.3 and 4 (a name that nobody bears, too).
 */
const finals = ['refusal', 'other', 'not-eligible']

/** Results after which somebody is tried again: 2.2 and 3. */
const opens = ['non-contact', 'unknown']

/** How often somebody who is not there is tried before the next. */
const attemptsMin = 2

/**
 * People are asked in the order of the draw: the next one only when somebody before
 * could not be asked.
 */
export class Asking {
  /** People who were interviewed. */
  done = 0
  readonly #order: readonly Chosen[]
  readonly #first: number
  readonly #places: ReadonlyMap<string, number>
  readonly #tried = new Map<string, number>()
  readonly #closed = new Set<string>()
  /** Who has let the next be asked. */
  readonly #replaced = new Set<string>()
  #allowed: number
  #last: string
  #taken = 0

  /** `n` are to be asked at first; the site was opened at `opened_at`. */
  constructor({ n, opened_at }: Opened, order: readonly Chosen[]) {
    this.#order = order
    this.#places = new Map(order.map(({ key }, i) => [key, i]))
    this.#first = Math.min(n, order.length)
    this.#allowed = this.#first
    this.#last = opened_at
  }

  /** How many of the reserve were used. */
  get used(): number {
    return this.#allowed - this.#first
  }

  /** How many of the order may have been asked so far. */
  get allowed(): number {
    return this.#allowed
  }

  /** How often somebody was tried, and whether that is over. */
  stateOf(key: string): { readonly tried: number; readonly over: boolean } {
    return { tried: this.#tried.get(key) ?? 0, over: this.#closed.has(key) }
  }

  /** Takes the next contact, or refuses it. */
  take({ key, at, result }: ContactRecord): void {
    const number = String(++this.#taken)
    parseTime(at)
    if (at < this.#last) throw refusal('contact-time', number, at)
    const place = this.#places.get(key)
    if (place === undefined) throw refusal('contact-stranger', number, key)
    if (this.#closed.has(key)) throw refusal('contact-again', number, key)
    if (place >= this.#allowed) {
      throw refusal('contact-order', number, key, this.#order[this.#allowed - 1]?.key ?? '')
    }
    this.#last = at
    this.#conclude(key, result, number)
  }

  #conclude(key: string, result: string, number: string): void {
    const tried = (this.#tried.get(key) ?? 0) + 1
    this.#tried.set(key, tried)
    if (opens.includes(result)) {
      if (tried === attemptsMin) this.#replace(key) // and this one may be asked again
      return
    }
    if (result !== 'completed' && !finals.includes(result)) {
      throw refusal('contact-result', number, result)
    }
    this.#closed.add(key)
    if (result === 'completed') this.done++
    else this.#replace(key)
  }

  /** Lets the next be asked in somebody's place; for each only once. */
  #replace(key: string): void {
    if (this.#replaced.has(key)) return
    this.#replaced.add(key)
    this.#allowed = Math.min(this.#allowed + 1, this.#order.length)
  }
}
