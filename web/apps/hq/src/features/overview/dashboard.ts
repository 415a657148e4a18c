/** Reading what the dashboard shows. */
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { answerOf, useApi } from '../../api/client'
import type { UnitSpot } from '../../api/types'
import { campaignKey, useCampaignId } from '../../campaign/campaign'

/** News come by themselves; this is for when they do not, and for who has fallen silent. */
const rereadMillis = 60_000

export function useDashboard() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'dashboard')),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/dashboard', {
          params: { path: { campaign: campaign.value } },
        }),
      ),
    enabled: computed(() => campaign.value !== ''),
    placeholderData: keepPreviousData,
    refetchInterval: rereadMillis,
  })
}

export function useUnitMap() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'map')),
    queryFn: async (): Promise<readonly UnitSpot[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/map', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
    placeholderData: keepPreviousData,
    refetchInterval: rereadMillis,
  })
}
