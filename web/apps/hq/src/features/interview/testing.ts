/** Sites as the server tells of them. */
import type { SiteSummary } from '../../api/types'

/** A site where nothing was done yet, with some of it other. */
export function siteOf(change: Partial<SiteSummary> = {}): SiteSummary {
  return {
    id: 's1',
    draw: 'd1',
    site: 'V00731',
    unit: '柳溪村',
    county: '西縣',
    team: '第一核查組',
    ask: 3,
    state: 'none',
    kind: '',
    people: 0,
    official: 0,
    code: '',
    mode: '',
    told_at: 0,
    opened_at: 0,
    done: 0,
    attempts: 0,
    flags: [],
    ...change,
  }
}
