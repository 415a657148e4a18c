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

const weekdays = { zh: '日一二三四五六', en: 'SunMonTueWedThuFriSat' } as const
const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/**
 * A day without its year, with its weekday: 11月27日週五, Fri 27 Nov. By hand: the browser's own
 * formats take a phone a tenth of a second to load, and this is on the first screen.
 */
export function sayShortDay(at: number, language: Language): string {
  const date = new Date(at)
  const [month, day, weekday] = [date.getMonth(), date.getDate(), date.getDay()]
  if (language === 'zh') {
    return `${String(month + 1)}月${String(day)}日週${weekdays.zh.charAt(weekday)}`
  }
  const short = (names: string, i: number) => names.slice(3 * i, 3 * i + 3)
  return `${short(weekdays.en, weekday)} ${String(day)} ${short(months, month)}`
}

/** The first visits of some days. */
export function firstOf(days: readonly Day[], most: number): readonly Day[] {
  let left = most
  const first: Day[] = []
  for (const { at, visits } of days) {
    if (left <= 0) break
    first.push({ at, visits: visits.slice(0, left) })
    left -= visits.length
  }
  return first
}

function midnight(millis: number, daysOn = 0): number {
  const date = new Date(millis)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + daysOn).getTime()
}
