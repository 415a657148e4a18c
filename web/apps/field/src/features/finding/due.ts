/** Deadlines that are suggested: days by the phone's clock. */

export const spans = ['week', 'month', 'quarter'] as const

/** How long somebody is given. */
export type Span = (typeof spans)[number]

/** Midnight at the start of the day that is so far on; of the last of a shorter month. */
export function dueIn(span: Span, nowMillis: number): number {
  const now = new Date(nowMillis)
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()]
  if (span === 'week') return new Date(year, month, day + 7).getTime()
  const later = month + (span === 'month' ? 1 : 3)
  const last = new Date(year, later + 1, 0).getDate()
  return new Date(year, later, Math.min(day, last)).getTime()
}

/** A day as an input of dates has it: 2026-11-27. */
export function dateText(at: number): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** Midnight of such a text; null where it is none. */
export function dateOf(text: string): number | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  return year === undefined
    ? null
    : new Date(Number(year), Number(month) - 1, Number(day)).getTime()
}
