/** How much chance is in the order of a route. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import type { Language } from '@sansuiji/protocol'

import { answerOf, useApi } from '../../api/client'
import type { RouteChance } from '../../api/types'
import { campaignKey, useCampaignId } from '../../campaign/campaign'

/** Estimated by the server, a second for each route; an outcome's never changes. */
export function useChances(draw: Readonly<Ref<string>>, wanted: Readonly<Ref<boolean>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    // No part of the campaign's key, so that no step makes the server estimate again.
    queryKey: computed(() => ['chances', ...campaignKey(campaign.value, draw.value)]),
    queryFn: async (): Promise<readonly RouteChance[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/draws/{draw}/chances', {
          params: { path: { campaign: campaign.value, draw: draw.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== '' && wanted.value),
    staleTime: Infinity,
    gcTime: Infinity,
  })
}

/** Below it somebody could guess an order: a million of them. */
export const bitsMin = 20

/** Orders of so few stops are none. */
export const stopsMin = 2

/** How many orders bits stand for, in a few digits: `5,100`, `9.6 × 10¹¹`. */
export function ordersText(bits: number, language: Language): string {
  const locale = language === 'zh' ? 'zh-Hant' : 'en-GB'
  const digits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
  const exponent = bits * Math.log10(2)
  if (exponent < 6) return digits.format(2 ** bits)
  const power = Math.floor(exponent)
  return `${digits.format(10 ** (exponent - power))} × 10${raised(power)}`
}

function raised(power: number): string {
  return String(power).replaceAll(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)))
}
