/** The campaign on the screen: its id is in the address, its state comes from the server. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'
import { useRoute } from 'vue-router'

import { answerOf, useApi } from '../api/client'

/** How often counts are read again while the page is visible. */
export const refreshMillis = 15_000

export function useCampaignId(): ComputedRef<string> {
  const route = useRoute()
  return computed(() => {
    const id = route.params['campaign']
    return typeof id === 'string' ? id : ''
  })
}

/** The key of everything read of a campaign; more parts narrow it. */
export function campaignKey(campaign: string, ...parts: readonly unknown[]): readonly unknown[] {
  return ['campaign', campaign, ...parts]
}

/** All campaigns. */
export function useCampaigns() {
  const api = useApi()
  return useQuery({
    queryKey: ['campaigns'],
    queryFn: async () => (await answerOf(api.GET('/api/hq/campaigns'))) ?? [],
  })
}

/** How far the campaign on the screen is, read again and again. */
export function useOverview() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'overview')),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}', { params: { path: { campaign: campaign.value } } }),
      ),
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: refreshMillis,
  })
}
