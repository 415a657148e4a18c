/** What helps to type a register fast. */
import { plainKey, type PersonView, type RosterKind } from '@sansuiji/local'

import { plainly, wordsOf, type Fold } from '../../parts/search'

/** A roster of a size beyond these parts of the register's is worth a word. Per cent. */
const [sizeLow, sizeHigh] = [70, 130]

/** Keys in the order of the register: 3-2 before 3-12. */
const places = new Intl.Collator('en', { numeric: true })

/** The key after one: 3-12 follows 3-11, and D010 follows D009. Keys that are taken are left out. */
export function nextKey(key: string, taken: ReadonlyMap<string, string>): string {
  const next = raised(key)
  return next !== key && taken.has(next) ? nextKey(next, taken) : next
}

/** The last number of a key and one, as wide as it was. */
function raised(key: string): string {
  return key.replace(/\d+$/, (digits) => String(Number(digits) + 1).padStart(digits.length, '0'))
}

/** The first line of the next page: 4-1 after 3-12. Doors have no pages. */
export function nextPage(key: string): string {
  const page = /^(.*?)(\d+)-\d+$/.exec(plainKey(key))
  return page ? `${page[1] ?? ''}${String(Number(page[2]) + 1)}-1` : key
}

/** The key to begin with: after the last on the roster, or the first there can be. */
export function firstKey(
  kind: RosterKind,
  people: readonly PersonView[],
  taken: ReadonlyMap<string, string>,
): string {
  const last = lastFirst(people)[0]
  if (last) return nextKey(last.key, taken)
  return kind === 'doors' ? 'D001' : '1-1'
}

/** People with the end of the register first: what was typed last is on top. */
export function lastFirst(people: readonly PersonView[]): readonly PersonView[] {
  return [...people].sort((a, b) => places.compare(b.key, a.key))
}

/** Names by key. */
export function namesOf(people: readonly PersonView[]): ReadonlyMap<string, string> {
  return new Map(people.map(({ key, name }) => [key, name]))
}

/** Those who have every typed word in their key, name or note. */
export function matching(
  people: readonly PersonView[],
  typed: string,
  fold: Fold = plainly,
): readonly PersonView[] {
  const words = wordsOf(plainKey(typed), fold)
  return people.filter(({ key, name, note }) => {
    const text = fold(`${key} ${name} ${note}`)
    return words.every((word) => text.includes(word))
  })
}

/** Whether a roster's size is far from the register's. */
export function isSizeOff(n: number, official: number | null): boolean {
  if (official === null || n === 0) return false
  return n * 100 < official * sizeLow || n * 100 > official * sizeHigh
}

/** A size as typed: undefined where it is none, null where nothing was typed. */
export function sizeOf(typed: string): number | null | undefined {
  const plain = plainKey(typed)
  if (plain === '') return null
  return /^[1-9]\d{0,6}$/.test(plain) ? Number(plain) : undefined
}
