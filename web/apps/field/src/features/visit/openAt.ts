/** What a team has not done yet at a unit, so that nobody leaves without knowing. */
import type { PeopleSummary, QuestionView } from '@sansuiji/local'

import { openCount, type ListedSubject } from '../../parts/subjects'
import { tally } from '../answers/tally'

/** What there is to do at a unit, and how far it has come. */
export interface Doing {
  readonly problems: readonly ListedSubject[]
  readonly commitments: readonly ListedSubject[]
  readonly questions: readonly QuestionView[]
  /** Null where no people are drawn. */
  readonly people: PeopleSummary | null
  /** Interviews under way: only this phone has them until they are sealed. */
  readonly talks: number
  readonly signoffs: readonly unknown[]
}

/** One kind of work that is not done; the words for it take the numbers. */
export interface Open {
  readonly what: 'talks' | 'answers' | 'problems' | 'commitments' | 'people' | 'signoff'
  readonly n: number
  readonly done: number
}

/** All that is not done, in the order in which it is to be said. */
export function openAt(doing: Doing): readonly Open[] {
  const { all, done } = tally(doing.questions).required
  const people = doing.people ?? { n: 0, done: 0 }
  const open: readonly Open[] = [
    { what: 'talks', n: doing.talks, done: 0 },
    { what: 'answers', n: all - done, done },
    { what: 'problems', n: openCount(doing.problems), done: 0 },
    { what: 'commitments', n: openCount(doing.commitments), done: 0 },
    { what: 'people', n: people.done < people.n ? people.n : 0, done: people.done },
    { what: 'signoff', n: doing.signoffs.length === 0 ? 1 : 0, done: 0 },
  ]
  return open.filter(({ n }) => n > 0)
}
