/** Reading ceremonies and doing their steps. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, doneOf, useApi, type Api } from '../../api/client'
import { codeOf } from '../../api/failure'
import type { DrawDetail, OpenedSecret, Place, Replacement, Settings, Throw } from '../../api/types'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'

/** Several people do a ceremony at several screens; each wants to see the others' steps. */
const ceremonyMillis = 4_000

export function useDraws() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'draws')),
    queryFn: async () =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/draws', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: refreshMillis,
  })
}

/** Whether a ceremony takes no more steps towards its outcome. */
export function isOver(state: string): boolean {
  return state === 'done' || state === 'void'
}

export function useDraw(draw: Readonly<Ref<string>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'draw', draw.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/draws/{draw}', {
          params: { path: { campaign: campaign.value, draw: draw.value } },
        }),
      ),
    refetchInterval: ({ state }) =>
      state.data !== undefined && isOver(state.data.state) ? refreshMillis : ceremonyMillis,
  })
}

/** What settings would give; the last answer stays until the next is there. */
export function usePreview(settings: Readonly<Ref<Settings>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'preview', settings.value)),
    queryFn: () =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/draws/preview', {
          params: { path: { campaign: campaign.value } },
          body: settings.value,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}

export function usePlan() {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (settings: Settings) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/draws', {
          params: { path: { campaign: campaign.value } },
          body: settings,
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value) }),
  })
}

/** One step of a ceremony. */
export type Step =
  | { readonly kind: 'commit'; readonly role: string; readonly commit: string }
  | { readonly kind: 'publish'; readonly places: Place[] }
  | { readonly kind: 'throw'; readonly throws: Throw[] }
  | { readonly kind: 'reveal'; readonly opened: OpenedSecret }
  | { readonly kind: 'run' | 'unseal' }
  | { readonly kind: 'void'; readonly reason: string; readonly secrets: OpenedSecret[] }
  | { readonly kind: 'replace'; readonly asked: Replacement }

/** Answers that mean the ceremony on the screen is old. */
const outdated: readonly string[] = ['draw-not-there-yet', 'row-changed-meanwhile', 'not-found']

export function useStep(draw: () => DrawDetail) {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  const reread = () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
  return useMutation({
    mutationFn: (step: Step) =>
      doneOf(call(api, { campaign: campaign.value, draw: draw().id }, step)),
    onSuccess: reread,
    onError: (error) => (outdated.includes(codeOf(error)) ? reread() : undefined),
  })
}

interface Address {
  readonly campaign: string
  readonly draw: string
}

function call(api: Api, path: Address, step: Step) {
  const params = { path }
  switch (step.kind) {
    case 'commit':
      return api.POST('/api/hq/campaigns/{campaign}/draws/{draw}/commit', {
        params,
        body: { role: step.role, commit: step.commit },
      })
    case 'publish':
      return api.POST('/api/hq/campaigns/{campaign}/draws/{draw}/publish', {
        params,
        body: { places: step.places },
      })
    case 'throw':
      return api.POST('/api/hq/campaigns/{campaign}/draws/{draw}/throw', {
        params,
        body: { throws: step.throws },
      })
    case 'reveal':
      return api.POST('/api/hq/campaigns/{campaign}/draws/{draw}/reveal', {
        params,
        body: step.opened,
      })
    case 'run':
      return api.POST('/api/hq/campaigns/{campaign}/draws/{draw}/run', { params })
    case 'unseal':
      return api.POST('/api/hq/campaigns/{campaign}/draws/{draw}/unseal', { params })
    case 'void':
      return api.POST('/api/hq/campaigns/{campaign}/draws/{draw}/void', {
        params,
        body: { reason: step.reason, secrets: step.secrets },
      })
    case 'replace':
      return api.POST('/api/hq/campaigns/{campaign}/draws/{draw}/replace', {
        params,
        body: step.asked,
      })
  }
}

/** What stands in the address in the place of a draw's id while a new one is planned. */
export const newDraw = 'new'
