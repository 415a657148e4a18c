/** Which entries are shown. */
import { withName, type Narrowing } from '../../parts/narrow'

export const filterNames = ['state', 'due', 'county', 'responsible', 'source', 'q'] as const
export type FilterName = (typeof filterNames)[number]
export type Filter = Narrowing<FilterName>

/** Rows on one page. */
export const pageSize = 50

export const views = [
  'all',
  'overdue',
  'week',
  'month',
  'open',
  'claimed',
  'checked',
  'closed',
] as const
export type View = (typeof views)[number]

const deadlines: readonly string[] = ['overdue', 'week', 'month']

/** The view of a filter. */
export function viewOf({ state, due }: Filter): View {
  return views.find((view) => view === (due ?? state)) ?? 'all'
}

/** A filter with another view. */
export function withView(filter: Filter, view: View): Filter {
  const plain = withName<FilterName>(
    withName<FilterName>(filter, 'state', undefined),
    'due',
    undefined,
  )
  if (view === 'all') return plain
  return withName<FilterName>(plain, deadlines.includes(view) ? 'due' : 'state', view)
}

const dayMillis = 86_400_000
/** China's clocks are ahead of UTC by this. */
const chinaMillis = 8 * 3_600_000

/** How many days a moment's day in China is from 1 January 1970. */
function dayNumber(at: number): number {
  return Math.floor((at + chinaMillis) / dayMillis)
}

/** Days to the day of a deadline; negative: past. Until the end of its day it is kept. */
export function daysTo(due: number, now: number): number {
  return dayNumber(due) - dayNumber(now)
}

/** The day of a moment in China, as date fields have it. */
export function dayOf(at: number | undefined): string {
  if (at === undefined) return ''
  return new Date(at + chinaMillis).toISOString().slice(0, 10)
}

/** The end of a working day in China; nothing for no day. */
export function momentOf(day: string): number | undefined {
  const at = Date.parse(`${day}T18:00:00+08:00`)
  return Number.isNaN(at) ? undefined : at
}
