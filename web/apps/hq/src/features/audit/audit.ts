/** The audit log, read page by page, and the checks of what is kept. */
import { useInfiniteQuery, useMutation } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, useApi } from '../../api/client'
import type { AuditLine } from '../../api/types'
import { useCampaignId } from '../../campaign/campaign'
import type { Narrowing } from '../../parts/narrow'

export const names = ['actor', 'kind', 'from', 'to'] as const
export type Name = (typeof names)[number]
export type Filter = Narrowing<Name>

/** Lines of one answer; fewer say that there are no more. */
export const pageSize = 100

/** What the server is asked for. Days are whole ones, in the browser's zone. */
export function queryOf({ actor, kind, from, to }: Filter): {
  actor?: string
  kind?: string
  since?: number
  until?: number
} {
  const since = dayStart(from, 0)
  const until = dayStart(to, 1)
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(kind === undefined ? {} : { kind }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  }
}

function dayStart(day: string | undefined, plus: number): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '')
  if (!parts) return undefined
  return new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + plus).getTime()
}

/** Where the lines that a filter selects are downloaded as a table. */
export function tableAddress(filter: Filter): string {
  const query = new URLSearchParams(
    Object.entries(queryOf(filter)).map(([name, value]) => [name, String(value)]),
  )
  return `/api/hq/audit.csv?${query.toString()}`
}

/** Lines from first to last, as people write them. */
export function spansText(
  spans: readonly { readonly from: number; readonly to: number }[],
): string {
  return spans.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}

export function useAudit(filter: Ref<Filter>) {
  const api = useApi()
  const query = useInfiniteQuery({
    queryKey: computed(() => ['audit', filter.value]),
    queryFn: async ({ pageParam }) =>
      (await answerOf(
        api.GET('/api/hq/audit', {
          params: { query: { ...queryOf(filter.value), before: pageParam } },
        }),
      )) ?? [],
    initialPageParam: 0,
    getNextPageParam: (last: readonly AuditLine[]) =>
      last.length < pageSize ? undefined : last.at(-1)?.position,
  })
  return { ...query, lines: computed(() => query.data.value?.pages.flat() ?? []) }
}

export function useVerifyLog() {
  const api = useApi()
  return useMutation({ mutationFn: () => answerOf(api.POST('/api/hq/audit/verify')) })
}

export function useVerifyHistory() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: () =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/verify', {
          params: { path: { campaign: campaign.value } },
        }),
      ),
  })
}
