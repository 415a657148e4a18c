/** Asking for documents and following how they are made. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { answerOf, useApi } from '../../api/client'
import type { Visit } from '../../api/types'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'
import { underWay, type Job, type Order } from './form'

/** How often a document that is being made is looked at. */
const followMillis = 1_000

export function useJobs() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'reports')),
    queryFn: async (): Promise<readonly Job[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/reports', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: ({ state }) => (underWay(state.data ?? []) ? followMillis : refreshMillis),
  })
}

/** Whom and where documents can be about. */
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
  })
}

/** Reads the documents again. */
function useReread(): () => Promise<void> {
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value, 'reports') })
}

export function useStart() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (order: Order) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/reports', {
          params: { path: { campaign: campaign.value } },
          body: order,
        }),
      ),
    onSettled: useReread(),
  })
}

export function useCancel() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (report: string) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/reports/{report}/cancel', {
          params: { path: { campaign: campaign.value, report } },
        }),
      ),
    onSettled: useReread(),
  })
}
