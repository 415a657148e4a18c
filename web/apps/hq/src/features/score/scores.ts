/** Reading scores, and what they are made of. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { choicesOf } from '@sansuiji/protocol'

import { answerOf, doneOf, useApi } from '../../api/client'
import { codeOf } from '../../api/failure'
import type { Criterion, GivenMark } from '../../api/types'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'

export type Category = 'village' | 'community' | 'department' | 'soe' | 'hospital' | 'school'

export const categories = choicesOf('unit', 'category').map(({ code }) => code as Category)

/** The category of the screen, kept in its address. */
export function useCategory() {
  const route = useRoute()
  const router = useRouter()
  return computed<Category>({
    get: () => categories.find((one) => one === route.query['category']) ?? 'village',
    set: (category) => {
      void router.replace({ params: { unit: '' }, query: { category } })
    },
  })
}

export function useSheet(category: Readonly<Ref<Category>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'scores', category.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/scores', {
          params: { path: { campaign: campaign.value }, query: { category: category.value } },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMillis,
  })
}

export function useUnitSheet(unit: Readonly<Ref<string>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'unit-scores', unit.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/scores/{unit}', {
          params: { path: { campaign: campaign.value, unit: unit.value } },
        }),
      ),
    enabled: computed(() => unit.value !== ''),
  })
}

export function useCriteria() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'criteria')),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/criteria', {
          params: { path: { campaign: campaign.value } },
        }),
      ),
  })
}

function useReadAnew(): () => Promise<void> {
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
}

interface Versioned<T> {
  readonly value: T
  readonly readAt: number
}

export function usePutCriterion() {
  const api = useApi()
  const campaign = useCampaignId()
  const readAnew = useReadAnew()
  return useMutation({
    mutationFn: ({ value, readAt }: Versioned<Criterion>) =>
      answerOf(
        api.PUT('/api/hq/campaigns/{campaign}/criteria', {
          params: { path: { campaign: campaign.value } },
          body: { ...value, read_at: readAt },
        }),
      ),
    onSuccess: readAnew,
    onError: (error) => (codeOf(error) === 'row-changed-meanwhile' ? readAnew() : undefined),
  })
}

export function useWithdrawCriterion() {
  const api = useApi()
  const campaign = useCampaignId()
  const readAnew = useReadAnew()
  return useMutation({
    mutationFn: ({ value, readAt }: Versioned<string>) =>
      doneOf(
        api.DELETE('/api/hq/campaigns/{campaign}/criteria/{criterion}', {
          params: {
            path: { campaign: campaign.value, criterion: value },
            query: { read_at: readAt },
          },
        }),
      ),
    onSettled: readAnew,
  })
}

export function useGrid(category: Readonly<Ref<Category>>, givenBy: Readonly<Ref<string>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'marks', category.value, givenBy.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/marks', {
          params: {
            path: { campaign: campaign.value },
            query: {
              category: category.value,
              ...(givenBy.value ? { given_by: givenBy.value } : {}),
            },
          },
        }),
      ),
    staleTime: 0,
    refetchOnWindowFocus: false,
  })
}

/** Keeps one mark. */
export function useGive(): (mark: GivenMark, givenBy: string) => Promise<void> {
  const api = useApi()
  const campaign = useCampaignId()
  return (mark, givenBy) =>
    doneOf(
      api.PUT('/api/hq/campaigns/{campaign}/marks', {
        params: { path: { campaign: campaign.value } },
        body: { given_by: givenBy, marks: [mark] },
      }),
    )
}
