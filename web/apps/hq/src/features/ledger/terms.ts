/** What an entry demands, as it is typed. */
import type { Candidate, LedgerEntry } from '../../api/types'
import { dayOf, momentOf } from './filter'

export interface Draft {
  measure: string
  goal: string
  responsible_unit: string
  responsible_leader: string
  responsible_person: string
  due: string
}

export type Terms = Pick<
  LedgerEntry,
  'measure' | 'goal' | 'responsible_unit' | 'responsible_leader' | 'responsible_person' | 'due_at'
>

export function draftOf(terms: Partial<Terms>): Draft {
  return {
    measure: terms.measure ?? '',
    goal: terms.goal ?? '',
    responsible_unit: terms.responsible_unit ?? '',
    responsible_leader: terms.responsible_leader ?? '',
    responsible_person: terms.responsible_person ?? '',
    due: dayOf(terms.due_at),
  }
}

/** What a team suggested, as fields have it. */
export type Suggested = Pick<Draft, 'responsible_unit' | 'due'>

export function suggestedBy(one: Candidate | undefined): Suggested {
  return { responsible_unit: one?.responsible_unit ?? '', due: dayOf(one?.due_at) }
}

/** What stands in the fields when another suggestion takes a suggestion's place: what somebody typed stays. */
export function followed(draft: Suggested, before: Suggested, next: Suggested): Suggested {
  const follow = (name: keyof Suggested): string =>
    draft[name] === before[name] ? next[name] : draft[name]
  return { responsible_unit: follow('responsible_unit'), due: follow('due') }
}

/** The terms of a draft. A day that was not touched keeps its hour. */
export function termsOf({ due, ...rest }: Draft, was: number | undefined): Terms {
  const at = due === dayOf(was) ? was : momentOf(due)
  return at === undefined ? rest : { ...rest, due_at: at }
}
