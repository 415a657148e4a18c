/** Reading conflicts and settling them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import { codeOf } from '../../api/failure'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'

export type ListState = 'open' | 'closed'

export function useConflicts(state: Readonly<Ref<ListState>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'conflicts', state.value)),
    queryFn: async () =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/conflicts', {
          params: { path: { campaign: campaign.value }, query: { state: state.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: refreshMillis,
  })
}

export interface Resolution {
  readonly conflict: string
  /** What shall stand; null empties the cell. */
  readonly value: string | null
  readonly note: string
  readonly readAt: number
}

/** Answers that mean the list on the screen is old. */
const outdated: readonly string[] = ['row-changed-meanwhile', 'conflict-closed', 'not-found']

export function useResolve() {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  const reread = () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
  return useMutation({
    mutationFn: ({ conflict, value, note, readAt }: Resolution) =>
      doneOf(
        api.POST('/api/hq/campaigns/{campaign}/conflicts/{conflict}/resolution', {
          params: { path: { campaign: campaign.value, conflict } },
          body: { ...(value === null ? {} : { value }), note, read_at: readAt },
        }),
      ),
    onSuccess: reread,
    onError: (error) => (outdated.includes(codeOf(error)) ? reread() : undefined),
  })
}
