/** Teams, and who works in which. */
import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import type { components } from '@sansuiji/protocol'

import { answerOf, doneOf, useApi } from '../../api/client'
import type { Inspector } from '../../api/types'
import { campaignKey, useCampaignId } from '../../campaign/campaign'
import { useReread } from '../../campaign/reread'
import { mayLose } from './device'

export type Placement = components['schemas']['Placement']

/** Somebody to be added, or placed where they are known already. */
export interface Placing extends Placement {
  readonly name: string
  readonly organisation: string
}

export function useTeams() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'teams')),
    queryFn: async () =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/teams', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
  })
}

/** Places an inspector, or adds one where none is named. */
export function usePlace() {
  const api = useApi()
  const campaign = useCampaignId()
  const reread = useReread()
  return useMutation({
    mutationFn: ({ inspector, to }: { inspector: string | undefined; to: Placing }) =>
      inspector === undefined
        ? doneOf(
            api.POST('/api/hq/campaigns/{campaign}/inspectors', {
              params: { path: { campaign: campaign.value } },
              body: to,
            }),
          )
        : doneOf(
            api.PUT('/api/hq/campaigns/{campaign}/inspectors/{inspector}/team', {
              params: { path: { campaign: campaign.value, inspector } },
              body: { team: to.team, role: to.role },
            }),
          ),
    onSuccess: reread,
  })
}

/** The phones that may hold what was written for the team that somebody leaves. */
export function phonesAtRisk(inspector: Inspector): readonly string[] {
  const inUse = (inspector.devices ?? []).filter(
    ({ revoked_at, wiped_at }) => revoked_at === undefined && wiped_at === undefined,
  )
  return inUse.filter(mayLose).map(({ name }) => name)
}
