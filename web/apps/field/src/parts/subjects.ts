/** What is verified at a unit, one after another: its problems, or its commitments. */
import type { VerificationView } from '@sansuiji/local'
import type { Id } from '@sansuiji/protocol'

import { plainly, wordsOf, type Fold } from './search'

/** One problem or commitment, as far as lists know it. */
export interface ListedSubject {
  readonly id: Id
  readonly number: number | null
  readonly title: string
  readonly verification: VerificationView | null
}

/** Whether somebody said what was seen of it. */
export function isVerified({ verification }: ListedSubject): boolean {
  return (verification?.outcome ?? null) !== null
}

/** How many are still to be verified. */
export function openCount(list: readonly ListedSubject[]): number {
  return list.filter((one) => !isVerified(one)).length
}

/** How far the verifying has come: verified and all; nothing where there is nothing to verify. */
export function progressOf(list: readonly ListedSubject[]): string {
  if (list.length === 0) return '0'
  return `${String(list.length - openCount(list))}/${String(list.length)}`
}

/** What is to be verified after one: the next in the list, and from its top after the last. */
export function nextOpen(list: readonly ListedSubject[], id: Id): Id | null {
  const at = list.findIndex((one) => one.id === id) + 1
  const after = [...list.slice(at), ...list.slice(0, at)]
  return after.find((one) => one.id !== id && !isVerified(one))?.id ?? null
}

/** A list that is longer than a few screens can be searched. */
export const searchedFrom = 12

/** Those of the number that was typed, or with every typed word in the title. */
export function matchingSubjects<T extends Pick<ListedSubject, 'number' | 'title'>>(
  list: readonly T[],
  typed: string,
  fold: Fold = plainly,
): readonly T[] {
  const words = wordsOf(typed, fold)
  return list.filter(({ number, title }) => {
    const text = fold(title)
    return words.every((word) => text.includes(word) || String(number) === word)
  })
}
