/** Reading findings and deciding about them. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import { codeOf } from '../../api/failure'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'
import { pageSize, type Filter } from './filter'
import type { Item } from './undo'

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

/** Decides about findings of a list in one go, or takes decisions back. */
export function useDecideAll() {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: ({ items, readAt }: { readonly items: readonly Item[]; readonly readAt: number }) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/findings/review', {
          params: { path: { campaign: campaign.value } },
          body: { items: items.map((item) => ({ ...item })), read_at: readAt },
        }),
      ),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
    },
  })
}

export type Talk =
  | { readonly kind: 'say'; readonly finding: string; readonly text: string }
  | { readonly kind: 'withdraw'; readonly finding: string; readonly comment: string }

/** Writes a remark that the team gets, or takes one's own back. */
export function useTalk() {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (talk: Talk) => {
      const path = { campaign: campaign.value, finding: talk.finding }
      return talk.kind === 'say'
        ? doneOf(
            api.POST('/api/hq/campaigns/{campaign}/findings/{finding}/comments', {
              params: { path },
              body: { text: talk.text },
            }),
          )
        : doneOf(
            api.DELETE('/api/hq/campaigns/{campaign}/findings/{finding}/comments/{comment}', {
              params: { path: { ...path, comment: talk.comment } },
            }),
          )
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
    },
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
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
    },
    onError: (error) =>
      codeOf(error) === 'row-changed-meanwhile'
        ? queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
        : undefined,
  })
}
