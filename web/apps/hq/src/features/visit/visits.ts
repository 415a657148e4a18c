/** Reading visits with what their teams recorded. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, useApi } from '../../api/client'
import type { Attachment, Visit } from '../../api/types'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'

export function useVisits() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'visits')),
    queryFn: async (): Promise<readonly Visit[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/visits', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: refreshMillis,
  })
}

export function useVisit(visit: Readonly<Ref<string>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'visit', visit.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/visits/{visit}', {
          params: { path: { campaign: campaign.value, visit: visit.value } },
        }),
      ),
    enabled: computed(() => visit.value !== ''),
    refetchInterval: refreshMillis,
  })
}

/** All that was taken along at a visit. */
export function useVisitPhotos(visit: Readonly<Ref<string>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'visit', visit.value, 'photos')),
    queryFn: async (): Promise<readonly Attachment[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/attachments', {
          params: { path: { campaign: campaign.value }, query: { visit: visit.value } },
        }),
      )) ?? [],
    enabled: computed(() => visit.value !== ''),
  })
}
