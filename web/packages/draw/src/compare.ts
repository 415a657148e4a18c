/** Where two documents differ. */
import type { Outcome } from './certificate'
import { canonical, treeOf, type Value } from './json'
import { refusal } from './problem'

/** Throws the first thing that an outcome says otherwise than it is when drawn again. */
export function checkSame(again: Outcome, says: Outcome): void {
  compare('', treeOf(outcomeOf(again)), treeOf(outcomeOf(says)))
}

function outcomeOf({ allocation, drawn, teams, routes }: Outcome): Outcome {
  return { allocation, drawn, ...(teams && { teams }), routes }
}

/** Finds the first place, as in `drawn[1].id`, at which two documents differ. */
function compare(at: string, again: Value, says: Value): void {
  if (canonical(again) === canonical(says)) return
  if (isObject(again) && isObject(says)) compareObjects(at, again, says)
  else if (isList(again) && isList(says)) compareLists(at, again, says)
  else throw refusal('outcome-other', at, plain(says), plain(again))
}

function isObject(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

/** Goes through keys in their order, as canonical forms have it. */
function compareObjects(
  at: string,
  again: ReadonlyMap<string, Value>,
  says: ReadonlyMap<string, Value>,
): void {
  const place = (key: string) => (at === '' ? key : `${at}.${key}`)
  for (const [key, value] of says) {
    if (!again.has(key)) throw refusal('outcome-more', place(key), plain(value))
  }
  for (const [key, value] of again) {
    const other = says.get(key)
    if (other === undefined) throw refusal('outcome-missing', place(key), plain(value))
    compare(place(key), value, other)
  }
}

function compareLists(at: string, again: readonly Value[], says: readonly Value[]): void {
  for (let i = 0; i < Math.max(again.length, says.length); i++) {
    const [one, other] = [again[i], says[i]]
    const place = `${at}[${i + 1}]`
    if (one !== undefined && other !== undefined) compare(place, one, other)
    else if (other !== undefined) throw refusal('outcome-more', place, plain(other))
    else if (one !== undefined) throw refusal('outcome-missing', place, plain(one))
  }
}

/** A value for people: a text without quotation marks, else as in JSON. */
function plain(value: Value): string {
  return typeof value === 'string' ? value : canonical(value)
}
