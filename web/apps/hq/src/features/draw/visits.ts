/** What teams know of their routes by now. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, useApi } from '../../api/client'
import type { Visit } from '../../api/types'
import { campaignKey, refreshMillis, useCampaignId } from '../../campaign/campaign'
import type { TeamRoute } from './map'

export function useVisits(wanted: Readonly<Ref<boolean>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'visits')),
    queryFn: async (): Promise<readonly Visit[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/visits', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== '' && wanted.value),
    refetchInterval: refreshMillis,
  })
}

/** What a team was told of its route. */
export interface Told {
  /** Ids of stops. */
  readonly known: ReadonlySet<string>
  /** The stop that it knows of and has not left. */
  readonly now: string | undefined
  /** It was told of all of them, and has left them. */
  readonly over: boolean
}

/** What a team, by its name, was told. Visits without a place in an order are of no route. */
export function toldOf(
  { stops }: Pick<TeamRoute, 'stops'>,
  team: string,
  visits: readonly Visit[],
): Told {
  const own = visits.filter((visit) => visit.team === team && visit.sequence !== undefined)
  const visitOf = new Map(own.map((visit) => [visit.code, visit]))
  const known = stops.flatMap(({ id }) => visitOf.get(id) ?? [])
  const now = known.find(({ status }) => !isLeft(status))?.code
  return {
    known: new Set(known.map(({ code }) => code)),
    now,
    over: known.length === stops.length && now === undefined,
  }
}

function isLeft(status: string): boolean {
  return status === 'left' || status === 'closed'
}
