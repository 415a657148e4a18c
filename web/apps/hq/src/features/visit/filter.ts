/** Which visits are shown. */
import type { Visit } from '../../api/types'
import { hasWords, type Narrowing } from '../../parts/narrow'

export const states = ['planned', 'arrived', 'left', 'closed'] as const

/** What a visit can lack: an office looks for those. */
export const gaps = ['verifying', 'answering', 'photos', 'unsigned'] as const
export type Gap = (typeof gaps)[number]

export const filterNames = ['q', 'team', 'status', 'county', 'gap'] as const
export type FilterName = (typeof filterNames)[number]
export type Filter = Narrowing<FilterName>

/** Rows on one page. */
export const pageSize = 50

const lacks: Readonly<Record<Gap, (visit: Visit) => boolean>> = {
  verifying: ({ verified, subjects }) => verified < subjects,
  answering: ({ answered, questions }) => answered < questions,
  photos: ({ missing }) => missing > 0,
  unsigned: ({ signoff }) => signoff === '',
}

/** Whether a visit has been begun and lacks something; one that waits for its team lacks nothing. */
export function isLacking(visit: Visit, gap: Gap): boolean {
  return visit.status !== 'planned' && lacks[gap](visit)
}

export function matches(visit: Visit, { q, team, status, county, gap }: Filter): boolean {
  return (
    (team === undefined || visit.team === team) &&
    (status === undefined || visit.status === status) &&
    (county === undefined || visit.county === county) &&
    (gap === undefined || gaps.some((one) => one === gap && isLacking(visit, one))) &&
    (q === undefined || hasWords([visit.unit, visit.code, visit.county, visit.team], q))
  )
}

/** The different values of a column, in the order of the list. */
export function valuesOf(visits: readonly Visit[], column: 'team' | 'county'): readonly string[] {
  return [...new Set(visits.map((visit) => visit[column]))].filter((value) => value !== '')
}
