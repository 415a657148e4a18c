/** Selections of findings that one keeps. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import { campaignKey, useCampaignId } from '../../campaign/campaign'

const page = 'findings'

export function useSavedFilters() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'filters')),
    queryFn: async () =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/filters', {
          params: { path: { campaign: campaign.value }, query: { page } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
  })
}

export type FilterChange =
  | { readonly kind: 'keep'; readonly name: string; readonly query: string }
  | { readonly kind: 'drop'; readonly id: string }

export function useChangeFilters() {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (change: FilterChange) => {
      const path = { campaign: campaign.value }
      return change.kind === 'keep'
        ? doneOf(
            api.POST('/api/hq/campaigns/{campaign}/filters', {
              params: { path },
              body: { page, name: change.name, query: change.query },
            }),
          )
        : doneOf(
            api.DELETE('/api/hq/campaigns/{campaign}/filters/{filter}', {
              params: { path: { ...path, filter: change.id } },
            }),
          )
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: campaignKey(campaign.value, 'filters') })
    },
  })
}
