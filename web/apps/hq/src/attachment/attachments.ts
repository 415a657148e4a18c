/** Reading what was taken along beside words, and what of it is alike. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, useApi } from '../api/client'
import type { Attachment, Pair } from '../api/types'
import { campaignKey, useCampaignId } from '../campaign/campaign'

/** Bytes trickle in from phones for days; a long list is not read again more often. */
const rereadMillis = 60_000

/** The attachments of a finding or the like; of the whole campaign without a subject. */
export function useAttachments(subject: Readonly<Ref<string | undefined>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'attachments', subject.value ?? '')),
    queryFn: async (): Promise<readonly Attachment[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/attachments', {
          params: {
            path: { campaign: campaign.value },
            query: subject.value === undefined ? {} : { subject: subject.value },
          },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== '' && subject.value !== ''),
    refetchInterval: rereadMillis,
  })
}

/** Photos that are, or look like, others. Comparing all of them takes the server a while. */
export function useAlike(wanted: Readonly<Ref<boolean>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'alike')),
    queryFn: async (): Promise<readonly Pair[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/attachments/alike', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== '' && wanted.value),
    staleTime: rereadMillis,
  })
}
