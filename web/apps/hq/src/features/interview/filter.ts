/** Which sites are shown. */
import type { SiteSummary } from '../../api/types'
import { hasWords, type Narrowing } from '../../parts/narrow'

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

/** What is asked for. */
export type Filter = Narrowing<FilterName>

/** Rows on one page. */
export const pageSize = 50

/** Whether all words of a search stand in what people call a site by. */
export function isCalled(site: SiteSummary, search: string): boolean {
  return hasWords([site.unit, site.site, site.county, site.team], search)
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
