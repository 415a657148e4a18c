/** Reads what is on the screen again after a change. */
import { useQueryClient } from '@tanstack/vue-query'

import { campaignKey, useCampaignId } from './campaign'

export function useReread(): () => Promise<void> {
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value) })
}
