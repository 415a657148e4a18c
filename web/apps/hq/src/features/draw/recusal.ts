/** Recusals out of an office's table: which teams do not go to which strata. */
import { useMutation } from '@tanstack/vue-query'

import type { components } from '@sansuiji/protocol'

import { answerOf, useApi } from '../../api/client'
import type { Stratum } from '../../api/types'
import { useCampaignId } from '../../campaign/campaign'
import { pairOf, teamIdOf } from './form'

export type Recusal = components['schemas']['ImportRecusal']

/** Reads a table, whose bytes are base 64. Nothing of it is kept: the plan has the recusals. */
export function useReadRecusals() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (table: { readonly name: string; readonly file: string }) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/import/{kind}/preview', {
          params: { path: { campaign: campaign.value, kind: 'recusals' } },
          body: table,
        }),
      ),
  })
}

/** The pairs that recusals tick, of strata that there are; each once. */
export function pairsOf(recusals: readonly Recusal[], strata: readonly Stratum[]): string[] {
  const pairs = recusals.flatMap(({ number, county }) =>
    strata
      .filter((stratum) => stratum.county === county)
      .map(({ id }) => pairOf(teamIdOf(number), id)),
  )
  return [...new Set(pairs)]
}
