/** Entries that could not be merged as they are. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import type { Quarantined } from '../../api/types'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'

export type Kind = Quarantined['kind']
export type KindFilter = Kind | 'all'

export const kindFilters: readonly KindFilter[] = ['all', 'quarantined', 'held', 'aside']

/** With those that people decided to leave as they are, if `left` says so. */
export function useQuarantine(left: Readonly<Ref<boolean>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'quarantine', left.value)),
    queryFn: async () =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/quarantine', {
          params: { path: { campaign: campaign.value }, query: { left: left.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: refreshMillis,
  })
}

export type Act =
  | { readonly kind: 'release'; readonly position: number }
  | { readonly kind: 'leave'; readonly hash: string; readonly reason: string }

/** Has an entry merged anew, or leaves it unmerged for good. */
export function useUnmerged() {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (act: Act) => {
      const path = { campaign: campaign.value }
      return act.kind === 'release'
        ? doneOf(
            api.POST('/api/hq/campaigns/{campaign}/quarantine/{position}/release', {
              params: { path: { ...path, position: act.position } },
            }),
          )
        : doneOf(
            api.POST('/api/hq/campaigns/{campaign}/unmerged/{hash}/aside', {
              params: { path: { ...path, hash: act.hash } },
              body: { reason: act.reason },
            }),
          )
    },
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
    },
  })
}

/** The entries of one kind, the newest first. */
export function ofKind(entries: readonly Quarantined[], kind: KindFilter): readonly Quarantined[] {
  return entries
    .filter((entry) => kind === 'all' || entry.kind === kind)
    .sort((a, b) => b.received_at - a.received_at)
}

/** How many there are of each kind. */
export function countsOf(entries: readonly Quarantined[]): Readonly<Record<KindFilter, number>> {
  const counts = { all: entries.length, quarantined: 0, held: 0, aside: 0 }
  for (const { kind } of entries) counts[kind]++
  return counts
}

/** Tells entries apart; bytes kept aside may share a place in a chain. */
export function keyOf({ device_id, seq, hash, received_at }: Quarantined): string {
  return [device_id, seq, hash, received_at].join(' ')
}
