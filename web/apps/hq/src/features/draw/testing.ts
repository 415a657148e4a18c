/** A ceremony as the server tells of it. */
import type { DrawDetail } from '../../api/types'

/** A ceremony of campaign YT-2026-01 that was planned, with a plan of which some is other. */
export function detailOf(plan: Readonly<Record<string, unknown>> = {}): DrawDetail {
  return {
    id: 'd1',
    ceremony: 'YT-2026-01/1',
    purpose: 'branch',
    scope: 'city',
    state: 'planned',
    sealed: false,
    committed: [],
    revealed: [],
    made_by: '甲',
    made_at: 0,
    stops: false,
    units: [],
    certificate: {
      spec: 'trs1',
      status: 'done',
      plan_hash: '0'.repeat(64),
      plan: {
        spec: 'trs1',
        suite: 'sha256',
        campaign: 'YT-2026-01',
        seq: 1,
        previous: '0'.repeat(64),
        purpose: 'branch',
        scope: 'city',
        frame: { root: '1'.repeat(64), sha256: '2'.repeat(64), n: 9, eligible: 9 },
        public: { type: 'dice', sides: 10, people: ['R1', 'R2', 'R3'], throws: 7 },
        gap_s: 0,
        ...plan,
      },
    },
  }
}
