/** Reading conclusions, making them of findings, and changing them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { answerOf, doneOf, useApi } from '../api/client'
import type { Conclusion, ConclusionText } from '../api/types'
import { campaignKey, refreshMillis, useCampaignId } from '../campaign/campaign'

export function useConclusions() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'conclusions')),
    queryFn: async (): Promise<readonly Conclusion[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/conclusions', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: refreshMillis,
  })
}

/** Those that count, by number. */
export function standing(list: readonly Conclusion[] | undefined): readonly Conclusion[] {
  return (list ?? []).filter((one) => one.withdrawn_at === undefined)
}

export const emptyText: ConclusionText = {
  reach: 'common',
  title: '',
  detail: '',
  basis: '',
  suggestion: '',
  severity: '',
}

/** The text of a conclusion as it can be written anew. */
export function textOf(one: Conclusion): ConclusionText {
  const { reach, title, detail, basis, suggestion, severity } = one
  return { reach, title, detail, basis, suggestion, severity }
}

export type Change =
  | { readonly kind: 'make'; readonly text: ConclusionText; readonly findings: readonly string[] }
  | {
      readonly kind: 'reword'
      readonly id: string
      readonly text: ConclusionText
      readonly readAt: number
    }
  | { readonly kind: 'withdraw'; readonly id: string; readonly readAt: number }
  | {
      readonly kind: 'gather'
      readonly id: string
      readonly add?: readonly string[]
      readonly remove?: readonly string[]
    }

export function useChangeConclusion() {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  const ask = (change: Change): Promise<unknown> => {
    const path = { campaign: campaign.value }
    switch (change.kind) {
      case 'make':
        return answerOf(
          api.POST('/api/hq/campaigns/{campaign}/conclusions', {
            params: { path },
            body: { ...change.text, findings: [...change.findings] },
          }),
        )
      case 'reword':
        return doneOf(
          api.PUT('/api/hq/campaigns/{campaign}/conclusions/{conclusion}', {
            params: { path: { ...path, conclusion: change.id } },
            body: { ...change.text, read_at: change.readAt },
          }),
        )
      case 'withdraw':
        return doneOf(
          api.DELETE('/api/hq/campaigns/{campaign}/conclusions/{conclusion}', {
            params: { path: { ...path, conclusion: change.id }, query: { read_at: change.readAt } },
          }),
        )
      case 'gather':
        return doneOf(
          api.POST('/api/hq/campaigns/{campaign}/conclusions/{conclusion}/findings', {
            params: { path: { ...path, conclusion: change.id } },
            body: { add: [...(change.add ?? [])], remove: [...(change.remove ?? [])] },
          }),
        )
    }
  }
  return useMutation({
    mutationFn: ask,
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
    },
  })
}
