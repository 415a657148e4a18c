/** Entries that could not be merged as they are. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { answerOf, useApi } from '../../api/client'
import type { Quarantined } from '../../api/types'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'

export type Kind = Quarantined['kind']
export type KindFilter = Kind | 'all'

export const kindFilters: readonly KindFilter[] = ['all', 'quarantined', 'held', 'aside']

export function useQuarantine() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'quarantine')),
    queryFn: async () =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/quarantine', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: refreshMillis,
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
