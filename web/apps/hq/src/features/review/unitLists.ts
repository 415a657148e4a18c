/** Reading what a unit was told to do. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, useApi } from '../../api/client'
import { campaignKey, useCampaignId } from '../../campaign/campaign'

/** Lists change seldom while somebody reviews. */
const freshMillis = 60_000

export function useUnitLists(unit: Readonly<Ref<string>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'unit', unit.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/units/{unit}/lists', {
          params: { path: { campaign: campaign.value, unit: unit.value } },
        }),
      ),
    enabled: computed(() => campaign.value !== '' && unit.value !== ''),
    staleTime: freshMillis,
  })
}
