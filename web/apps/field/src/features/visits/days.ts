/** Visits by the day for which they are planned. */
import type { VisitSummary } from '@sansuiji/local'
import type { Language } from '@sansuiji/protocol'

import { isOver } from './search'

/** Visits of one day, in the drawn order. */
export interface Day {
  /** Midnight by the phone's clock, Unix milliseconds; null where no day is set. */
  readonly at: number | null
  readonly visits: readonly VisitSummary[]
}

/** Groups visits by day, the earliest first, those without a day last. */
export function byDay(visits: readonly VisitSummary[]): readonly Day[] {
  const days = new Map<number | null, VisitSummary[]>()
  for (const visit of visits) {
    const at = visit.plannedAt === null ? null : midnight(visit.plannedAt)
    days.set(at, [...(days.get(at) ?? []), visit])
  }
  return [...days]
    .map(([at, of]) => ({ at, visits: of }))
    .sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity))
}

/** The next unit to go to: the first in the drawn order that is not behind the team. */
export function nextOf(visits: readonly VisitSummary[]): VisitSummary | null {
  return visits.find((visit) => !isOver(visit)) ?? null
}

/** How a day is called beside its date. */
export function nameOf(at: number, nowMillis: number): 'today' | 'tomorrow' | null {
  if (at === midnight(nowMillis)) return 'today'
  return at === midnight(nowMillis, 1) ? 'tomorrow' : null
}

/** A day without its year, with its weekday: 11月27日週五, Fri 27 Nov. */
export function sayShortDay(at: number, language: Language): string {
  const locale = language === 'zh' ? 'zh-Hant' : 'en-GB'
  const month = language === 'zh' ? 'long' : 'short'
  return new Intl.DateTimeFormat(locale, { month, day: 'numeric', weekday: 'short' }).format(at)
}

function midnight(millis: number, daysOn = 0): number {
  const date = new Date(millis)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + daysOn).getTime()
}
