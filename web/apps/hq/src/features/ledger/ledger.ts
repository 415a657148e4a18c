/** Reading the ledger and working on it. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import { codeOf } from '../../api/failure'
import type { ActKind, Changing, Doing, LedgerStep, NewEntry, Uploaded } from '../../api/types'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'
import { pageSize, type Filter } from './filter'

/** One page of the list, read again and again. */
export function useLedger(filter: Readonly<Ref<Filter>>, page: Readonly<Ref<number>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'ledger', filter.value, page.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/ledger', {
          params: {
            path: { campaign: campaign.value },
            query: { ...filter.value, offset: (page.value - 1) * pageSize, limit: pageSize },
          },
        }),
      ),
    enabled: computed(() => campaign.value !== ''),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMillis,
  })
}

/** One entry. It is not read again unasked: what is done rests on what is on the screen. */
export function useEntry(id: Readonly<Ref<string>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'ledger-entry', id.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/ledger/{entry}', {
          params: { path: { campaign: campaign.value, entry: id.value } },
        }),
      ),
    enabled: computed(() => id.value !== ''),
    staleTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

/** Findings and conclusions that are not in the ledger, and have the words of a search. */
export function useCandidates(search: Readonly<Ref<string>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'ledger-candidates', search.value)),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/ledger-candidates', {
          params: { path: { campaign: campaign.value }, query: { q: search.value } },
        }),
      ),
    placeholderData: keepPreviousData,
  })
}

/** Names of responsible units. */
export function useResponsible() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'ledger-units')),
    queryFn: async () =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/ledger-units', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
  })
}

/** What responsible units are to be reminded of. */
export function useReminders(county: Readonly<Ref<string>>, days: Readonly<Ref<number>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() =>
      campaignKey(campaign.value, 'ledger-reminders', county.value, days.value),
    ),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/ledger-reminders', {
          params: {
            path: { campaign: campaign.value },
            query: { days: days.value, ...(county.value ? { county: county.value } : {}) },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  })
}

/** Runs something, then reads anew what is shown; so too when somebody else was faster. */
function useWork<A, R>(work: (asked: A) => Promise<R>) {
  const queries = useQueryClient()
  const campaign = useCampaignId()
  const readAnew = () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
  return useMutation({
    mutationFn: work,
    onSuccess: readAnew,
    onError: (error) =>
      ['row-changed-meanwhile', 'ledger-state', 'second-person-wanted'].includes(codeOf(error))
        ? readAnew()
        : undefined,
  })
}

/** Does one thing with one entry. */
export function useAct() {
  const api = useApi()
  const campaign = useCampaignId()
  return useWork(({ entry, doing }: { readonly entry: string; readonly doing: Doing }) =>
    doneOf(
      api.POST('/api/hq/campaigns/{campaign}/ledger/{entry}/acts', {
        params: { path: { campaign: campaign.value, entry } },
        body: doing,
      }),
    ),
  )
}

/** The same with many. */
export function useActs() {
  const api = useApi()
  const campaign = useCampaignId()
  return useWork(
    async ({ entries, doing }: { readonly entries: string[]; readonly doing: Doing }) =>
      (await answerOf(
        api.POST('/api/hq/campaigns/{campaign}/ledger-acts', {
          params: { path: { campaign: campaign.value } },
          body: { entries, ...doing },
        }),
      )) ?? [],
  )
}

/** Changes what an entry demands. */
export function useChange() {
  const api = useApi()
  const campaign = useCampaignId()
  return useWork(({ entry, changing }: { readonly entry: string; readonly changing: Changing }) =>
    doneOf(
      api.PUT('/api/hq/campaigns/{campaign}/ledger/{entry}', {
        params: { path: { campaign: campaign.value, entry } },
        body: changing,
      }),
    ),
  )
}

interface Way {
  readonly entry: string
  readonly steps: LedgerStep[]
  readonly readAt: number
}

/** Makes the steps of an entry be those given. */
export function useSetSteps() {
  const api = useApi()
  const campaign = useCampaignId()
  return useWork(({ entry, steps, readAt }: Way) =>
    doneOf(
      api.PUT('/api/hq/campaigns/{campaign}/ledger/{entry}/steps', {
        params: { path: { campaign: campaign.value, entry } },
        body: { steps, read_at: readAt },
      }),
    ),
  )
}

/** Puts something into the ledger. */
export function useAdd() {
  const api = useApi()
  const campaign = useCampaignId()
  return useWork((entry: NewEntry) =>
    answerOf(
      api.POST('/api/hq/campaigns/{campaign}/ledger', {
        params: { path: { campaign: campaign.value } },
        body: entry,
      }),
    ),
  )
}

/** Uploads a file of an entry. */
export function useUpload(): (entry: string, file: File) => Promise<Uploaded> {
  const api = useApi()
  const campaign = useCampaignId()
  return (entry, file) =>
    answerOf(
      api.POST('/api/hq/campaigns/{campaign}/ledger/{entry}/evidence', {
        params: { path: { campaign: campaign.value, entry } },
        // The description can say no more of bytes than that they are a string.
        body: file as unknown as string,
        bodySerializer: (body) => body as unknown as File,
        headers: { 'Content-Type': 'application/octet-stream' },
      }),
    )
}

/** Acts that people do at headquarters with many entries at once. */
export const bulkActs: readonly ActKind[] = ['checked', 'rejected', 'closed']
