/** Reading sites, booking calls, giving rosters and printing envelopes. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, useApi } from '../../api/client'
import type { SiteSummary } from '../../api/types'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'

export function useSites() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'sites')),
    queryFn: async (): Promise<readonly SiteSummary[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/sites', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: refreshMillis,
  })
}

export function useSite(site: Readonly<Ref<string>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'site', site.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/sites/{site}', {
          params: { path: { campaign: campaign.value, site: site.value } },
        }),
      ),
    enabled: computed(() => site.value !== ''),
    refetchInterval: refreshMillis,
  })
}

/** A call as it is written down. */
export interface Call {
  readonly site: string
  readonly code: string
  readonly caller: string
}

/** Books a call and gets the unlock code, which is kept nowhere. */
export function useTell() {
  const api = useApi()
  const campaign = useCampaignId()
  const reread = useReread()
  return useMutation({
    mutationFn: ({ site, code, caller }: Call) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/sites/{site}/tell', {
          params: { path: { campaign: campaign.value, site } },
          body: { code, caller },
        }),
      ),
    onSettled: reread,
    gcTime: 0,
  })
}

/** Gets the unlock codes of all sites of a ceremony, which is written into the history. */
export function useEnvelopes() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: async (draw: string) =>
      (await answerOf(
        api.POST('/api/hq/campaigns/{campaign}/draws/{draw}/envelopes', {
          params: { path: { campaign: campaign.value, draw } },
        }),
      )) ?? [],
    gcTime: 0,
  })
}

/** Gives rosters; the table is base 64. */
export function useGiveRosters() {
  const api = useApi()
  const campaign = useCampaignId()
  const reread = useReread()
  return useMutation({
    mutationFn: async (table: string) =>
      (await answerOf(
        api.POST('/api/hq/campaigns/{campaign}/rosters', {
          params: { path: { campaign: campaign.value } },
          body: { table },
        }),
      )) ?? [],
    onSuccess: reread,
  })
}

function useReread() {
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
}
