/** Tokens for programs, and addresses that are told of what happens. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import type { ApiToken } from '../../api/types'
import { campaignKey, useCampaignId } from '../../campaign/campaign'

export const scopes = ['read', 'export', 'write'] as const
export type Scope = (typeof scopes)[number]

export const kinds = ['finding.submitted', 'ledger.overdue'] as const
export type Kind = (typeof kinds)[number]

export type TokenState = 'revoked' | 'expired' | 'good'

export function stateOf({ revoked_at, expires_at }: ApiToken, now: number): TokenState {
  if (revoked_at !== undefined) return 'revoked'
  return expires_at <= now ? 'expired' : 'good'
}

/** Whether an address can be told anything, as far as a browser can tell. */
export function isAddress(text: string): boolean {
  if (!/^https?:\/\//i.test(text.trim())) return false
  try {
    return new URL(text.trim()).hostname !== ''
  } catch {
    return false
  }
}

export function useTokens() {
  const api = useApi()
  return useQuery({
    queryKey: ['tokens'],
    queryFn: async () => (await answerOf(api.GET('/api/hq/me/tokens'))) ?? [],
  })
}

export function useMakeToken() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: {
      readonly name: string
      readonly scopes: Scope[]
      readonly days: number
    }) => answerOf(api.POST('/api/hq/me/tokens', { body })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  })
}

export function useRevokeToken() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (token: string) =>
      doneOf(api.DELETE('/api/hq/me/tokens/{token}', { params: { path: { token } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  })
}

export function useHooks() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'webhooks')),
    queryFn: async () =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/webhooks', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
  })
}

export function useAddHook() {
  const api = useApi()
  const campaign = useCampaignId()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly url: string; readonly kinds: Kind[] }) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/webhooks', {
          params: { path: { campaign: campaign.value } },
          body,
        }),
      ),
    onSettled: () =>
      queries.invalidateQueries({ queryKey: campaignKey(campaign.value, 'webhooks') }),
  })
}

export function useDisableHook() {
  const api = useApi()
  const campaign = useCampaignId()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (webhook: string) =>
      doneOf(
        api.DELETE('/api/hq/campaigns/{campaign}/webhooks/{webhook}', {
          params: { path: { campaign: campaign.value, webhook } },
        }),
      ),
    onSettled: () =>
      queries.invalidateQueries({ queryKey: campaignKey(campaign.value, 'webhooks') }),
  })
}
