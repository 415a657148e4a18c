/** What an entry demands, as it is typed. */
import type { LedgerEntry } from '../../api/types'
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

/** The terms of a draft. A day that was not touched keeps its hour. */
export function termsOf({ due, ...rest }: Draft, was: number | undefined): Terms {
  const at = due === dayOf(was) ? was : momentOf(due)
  return at === undefined ? rest : { ...rest, due_at: at }
}
