/** Finds visits by what a person types. */
import type { VisitSummary } from '@sansuiji/local'

import { plainly, wordsOf, type Fold } from '../../parts/search'

/** The visits whose unit has every typed word in its name, code or place, in their order. */
export function matching(
  visits: readonly VisitSummary[],
  typed: string,
  fold: Fold = plainly,
): readonly VisitSummary[] {
  const words = wordsOf(typed, fold)
  return visits.filter((visit) => {
    const text = fold([visit.name, visit.code, visit.county, visit.township].join(' '))
    return words.every((word) => text.includes(word))
  })
}

/** How many visits are behind the team. */
export function doneCount(visits: readonly VisitSummary[]): number {
  return visits.filter(isOver).length
}

/** Whether the team has left the unit. */
export function isOver({ status }: VisitSummary): boolean {
  return status === 'left' || status === 'closed'
}
