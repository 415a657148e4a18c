/** Reading conflicts and settling them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import { codeOf } from '../../api/failure'
import type { Conflict } from '../../api/types'
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

/** Takes decisions back, or keeps the latest of several at once. */
export type SecondThought =
  | { readonly kind: 'reopen'; readonly conflict: string; readonly readAt: number }
  | { readonly kind: 'latest'; readonly conflicts: readonly string[]; readonly readAt: number }

export function useSecondThought() {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  const ask = async (thought: SecondThought): Promise<number> => {
    const path = { campaign: campaign.value }
    if (thought.kind === 'reopen') {
      await doneOf(
        api.POST('/api/hq/campaigns/{campaign}/conflicts/{conflict}/reopening', {
          params: { path: { ...path, conflict: thought.conflict } },
          body: { read_at: thought.readAt },
        }),
      )
      return 1
    }
    const { done } = await answerOf(
      api.POST('/api/hq/campaigns/{campaign}/conflicts/latest', {
        params: { path },
        body: { conflicts: [...thought.conflicts], read_at: thought.readAt },
      }),
    )
    return done?.length ?? 0
  }
  return useMutation({
    mutationFn: ask,
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
    },
  })
}

/** Whether a conflict waits for a decision: for the first one, or for another. */
export function isOpen({ state }: Pick<Conflict, 'state'>): boolean {
  return state === 'open' || state === 'reopened'
}

/** A column in which several conflicts are open. */
export interface Column {
  readonly key: string
  readonly conflicts: readonly Conflict[]
}

/** The server settles no more at once. */
const atOnceMax = 200

/** Columns with more than one open conflict, the fullest first. One taken back needs a person. */
export function columnsOf(list: readonly Conflict[]): readonly Column[] {
  const columns = new Map<string, Conflict[]>()
  for (const one of list) {
    if (one.state !== 'open') continue
    const key = `${one.table}.${one.column}`
    columns.set(key, [...(columns.get(key) ?? []), one])
  }
  return [...columns]
    .map(([key, conflicts]) => ({ key, conflicts: conflicts.slice(0, atOnceMax) }))
    .filter(({ conflicts }) => conflicts.length > 1)
    .sort((a, b) => b.conflicts.length - a.conflicts.length)
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
    onSuccess: () => {
      void reread() // whoever waits for the answer does not wait for the lists
    },
    onError: (error) => (outdated.includes(codeOf(error)) ? reread() : undefined),
  })
}
