/**
 * Who is to be interviewed next. It is handed from screen to screen in memory, never in an
 * address: the browser writes addresses down.
 */
import type { Id } from '@sansuiji/protocol'

/** Somebody who is about to be asked. */
export interface Interviewee {
  readonly visit: Id
  /** On the roster; null for somebody whom chance did not choose. */
  readonly key: string | null
  readonly name: string
}

let chosen: Interviewee | null = null

/** Says who is asked next. */
export function chooseInterviewee(one: Interviewee | null): void {
  chosen = one
}

/** Who is asked next at a visit; null after a reload. */
export function intervieweeOf(visit: Id): Interviewee | null {
  return chosen?.visit === visit ? chosen : null
}
