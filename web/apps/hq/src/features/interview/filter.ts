/** Which sites are shown. The choice lives in the address, so that a link keeps it. */
import type { LocationQuery } from 'vue-router'

import type { SiteSummary } from '../../api/types'

export const states = ['none', 'roster', 'told', 'opened', 'done'] as const
export type State = SiteSummary['state']

export const flags = [
  'fails',
  'openings',
  'no-call',
  'other-code',
  'call-after',
  'size',
  'local',
  'withdrawn',
  'mirror-other',
  'mirror-waits',
] as const
export type Flag = NonNullable<SiteSummary['flags']>[number]

/** Any flag at all. */
export const anyFlag = 'any'

export const filterNames = ['q', 'team', 'state', 'flag'] as const
export type FilterName = (typeof filterNames)[number]

/** What is asked for; an absent name does not narrow. */
export type Filter = Readonly<Partial<Record<FilterName, string>>>

/** Rows on one page. */
export const pageSize = 50

export function filterOf(query: LocationQuery): Filter {
  return Object.fromEntries(
    filterNames.flatMap((name) => {
      const value = query[name]
      return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : []
    }),
  )
}

/** The page of an address, from 1, of as many as there are. */
export function pageOf(query: LocationQuery, rows: number): number {
  const page = Number(query['page'])
  const last = Math.max(1, Math.ceil(rows / pageSize))
  return Number.isSafeInteger(page) && page > 1 ? Math.min(page, last) : 1
}

/** A filter with one name changed; nothing takes it out. */
export function withFilter(filter: Filter, name: FilterName, value: string | undefined): Filter {
  const rest = Object.entries(filter).filter(([other]) => other !== name)
  return Object.fromEntries(value?.trim() ? [...rest, [name, value.trim()]] : rest)
}

export function isNarrowed(filter: Filter): boolean {
  return Object.keys(filter).length > 0
}

/** Whether all words of a search stand in what people call a site by. */
export function isCalled(site: SiteSummary, search: string): boolean {
  const text = [site.unit, site.site, site.county, site.team].join(' ').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

export function matches(site: SiteSummary, { q, team, state, flag }: Filter): boolean {
  const flagged = site.flags ?? []
  return (
    (team === undefined || site.team === team) &&
    (state === undefined || site.state === state) &&
    (flag === undefined ||
      (flag === anyFlag ? flagged.length > 0 : flagged.some((one) => one === flag))) &&
    (q === undefined || isCalled(site, q))
  )
}

/** The teams that go to sites, each once, in the order of the list. */
export function teamsOf(sites: readonly SiteSummary[]): readonly string[] {
  return [...new Set(sites.map(({ team }) => team))].filter((team) => team !== '')
}
