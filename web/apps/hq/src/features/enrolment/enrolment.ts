/** Inspectors by team, and the codes that let devices in. */
import { useMutation } from '@tanstack/vue-query'

import { answerOf, useApi } from '../../api/client'
import type { Inspector } from '../../api/types'
import { useCampaignId } from '../../campaign/campaign'

export function useNewCode() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (inspector: string) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/enrolments', {
          params: { path: { campaign: campaign.value } },
          body: { inspector_id: inspector },
        }),
      ),
  })
}

export interface TeamGroup {
  /** Empty for inspectors without a team. */
  readonly team: string
  readonly inspectors: readonly Inspector[]
}

/** Inspectors by team in the order the server gives, leaders first, those without a team last. */
export function groupByTeam(inspectors: readonly Inspector[]): readonly TeamGroup[] {
  const groups = new Map<string, Inspector[]>()
  for (const inspector of inspectors) {
    const group = groups.get(inspector.team) ?? []
    groups.set(inspector.team, group)
    group.push(inspector)
  }
  return [...groups]
    .map(([team, members]) => ({ team, inspectors: leadersFirst(members) }))
    .sort((a, b) => Number(a.team === '') - Number(b.team === ''))
}

function leadersFirst(members: readonly Inspector[]): readonly Inspector[] {
  const rank = ({ role }: Inspector): number => (role === 'leader' ? 0 : 1)
  return [...members].sort((a, b) => rank(a) - rank(b))
}
