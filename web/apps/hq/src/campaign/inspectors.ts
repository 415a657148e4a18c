/** The campaign's inspectors with their devices. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { answerOf, useApi } from '../api/client'
import { campaignKey, refreshMillis, useCampaignId } from './campaign'

export function useInspectors() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'inspectors')),
    queryFn: async () =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/inspectors', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: refreshMillis,
  })
}
