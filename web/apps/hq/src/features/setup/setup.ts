/** Reading how far the preparation is, and changing the campaign. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'
import { sentOf, type DetailsForm } from '../../campaign/details'

export function useSetup() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'setup')),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/setup', {
          params: { path: { campaign: campaign.value } },
        }),
      ),
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: refreshMillis,
  })
}

export function useChangeCampaign() {
  const api = useApi()
  const campaign = useCampaignId()
  const reread = useRereadAll()
  return useMutation({
    mutationFn: (form: DetailsForm) =>
      doneOf(
        api.PUT('/api/hq/campaigns/{campaign}', {
          params: { path: { campaign: campaign.value } },
          body: sentOf(form),
        }),
      ),
    onSuccess: reread,
  })
}

export function useSealTo() {
  const api = useApi()
  const campaign = useCampaignId()
  const reread = useRereadAll()
  return useMutation({
    mutationFn: (recipients: readonly string[]) =>
      doneOf(
        api.PUT('/api/hq/campaigns/{campaign}/seal-key', {
          params: { path: { campaign: campaign.value } },
          body: { seal_to: recipients.join('\n') },
        }),
      ),
    onSuccess: reread,
  })
}

function useRereadAll() {
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
    await queries.invalidateQueries({ queryKey: ['campaigns'] })
  }
}
