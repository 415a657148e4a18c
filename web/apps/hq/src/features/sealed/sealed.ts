/** Sealed interviews, and what people do to open one. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import type { SealedInterview, Unsealing } from '../../api/types'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'
import { hasWords, type Narrowing } from '../../parts/narrow'

export const states = ['sealed', 'asked', 'agreed', 'refused', 'opened'] as const
export type State = (typeof states)[number]

export const names = ['q', 'state'] as const
export type Filter = Narrowing<(typeof names)[number]>

/** How far the newest request for an interview is. */
export function stateOf({ unsealings }: SealedInterview, now: number): State {
  const newest = unsealings?.[0]
  if (!newest) return 'sealed'
  if (newest.refused) return 'refused'
  if (newest.decided_at === undefined) return 'asked'
  if ((newest.until ?? 0) > now) return 'agreed'
  return newest.opened_at === undefined ? 'sealed' : 'opened'
}

export function matches(one: SealedInterview, { q, state }: Filter, now: number): boolean {
  return (
    (state === undefined || stateOf(one, now) === state) &&
    (q === undefined || hasWords([one.code, one.unit, one.county, one.team], q))
  )
}

/** Whether somebody may decide about a request: anybody but who asked. */
export function mayDecide(one: Unsealing, login: string): boolean {
  return one.decided_at === undefined && !isBy(one.asked_by, login)
}

/** Whether somebody may read now what was asked for. */
export function mayRead(one: Unsealing, login: string, now: number): boolean {
  return !one.refused && (one.until ?? 0) > now && isBy(one.asked_by, login)
}

/** People are written as their name and, in brackets, their login. */
function isBy(person: string, login: string): boolean {
  return person.endsWith(`（${login}）`)
}

export function useSealed() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'sealed')),
    queryFn: async () =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/sealed', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: refreshMillis,
  })
}

export interface Asked {
  readonly interview: string
  readonly part: 'talk' | 'identity'
  readonly reason: string
}

export function useAsk() {
  const api = useApi()
  const campaign = useCampaignId()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Asked) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/sealed', {
          params: { path: { campaign: campaign.value } },
          body: { ...body },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value, 'sealed') }),
  })
}

export function useDecide() {
  const api = useApi()
  const campaign = useCampaignId()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, refused }: { readonly id: string; readonly refused: boolean }) =>
      doneOf(
        api.POST('/api/hq/campaigns/{campaign}/sealed/{unsealing}/decision', {
          params: { path: { campaign: campaign.value, unsealing: id } },
          body: { refused },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value, 'sealed') }),
  })
}

/** The sealed bytes of what was agreed to. */
export function useContent() {
  const api = useApi()
  const campaign = useCampaignId()
  return async (unsealing: string): Promise<Uint8Array> => {
    const body = await answerOf(
      api.GET('/api/hq/campaigns/{campaign}/sealed/{unsealing}/content', {
        params: { path: { campaign: campaign.value, unsealing } },
        parseAs: 'arrayBuffer',
      }) as unknown as Promise<{ data?: ArrayBuffer; response: Response }>,
    )
    return new Uint8Array(body)
  }
}
