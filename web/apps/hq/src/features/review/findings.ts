/** Reading findings and deciding about them. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import { codeOf } from '../../api/failure'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'
import { pageSize, type Filter } from './filter'

/** One page of the list, newest first, read again like the counts are. */
export function useFindings(filter: Readonly<Ref<Filter>>, page: Readonly<Ref<number>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'findings', filter.value, page.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/findings', {
          params: {
            path: { campaign: campaign.value },
            query: { ...filter.value, offset: (page.value - 1) * pageSize, limit: pageSize },
          },
        }),
      ),
    enabled: computed(() => campaign.value !== ''),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMillis,
  })
}

/**
 * One finding. It is never read again unasked: a decision is made on what the
 * reviewer has before their eyes.
 */
export function useFinding(id: Readonly<Ref<string>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'finding', id.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/findings/{finding}', {
          params: { path: { campaign: campaign.value, finding: id.value } },
        }),
      ),
    enabled: computed(() => id.value !== ''),
    staleTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

export interface Verdict {
  readonly finding: string
  readonly decision: 'accepted' | 'returned'
  readonly note: string
  readonly readAt: number
}

/** Decides about a finding. After any answer what is shown is read anew. */
export function useDecide() {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: ({ finding, decision, note, readAt }: Verdict) =>
      doneOf(
        api.POST('/api/hq/campaigns/{campaign}/findings/{finding}/review', {
          params: { path: { campaign: campaign.value, finding } },
          body: { decision, note, read_at: readAt },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value) }),
    onError: (error) =>
      codeOf(error) === 'row-changed-meanwhile'
        ? queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
        : undefined,
  })
}
