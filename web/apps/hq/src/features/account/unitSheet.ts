/** Logins of responsible units, made a few at a time: each password takes the server a moment. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, shallowRef } from 'vue'

import type { components } from '@sansuiji/protocol'

import { answerOf, useApi } from '../../api/client'
import { useCampaignId } from '../../campaign/campaign'

export type UnitLogin = components['schemas']['UnitLogin']

/** How many are made with one request, so that progress shows and one can stop. */
const atOnce = 10

export function useUnitSheet() {
  const api = useApi()
  const campaign = useCampaignId()
  const queries = useQueryClient()
  const params = computed(() => ({ path: { campaign: campaign.value } }))
  const made = shallowRef<readonly UnitLogin[]>([])
  const stopped = ref(false)
  const isStopped = () => stopped.value
  const waiting = useQuery({
    queryKey: computed(() => ['accounts', 'units', campaign.value]),
    queryFn: async () =>
      (
        await answerOf(
          api.GET('/api/hq/campaigns/{campaign}/unit-accounts', { params: params.value }),
        )
      ).left,
  })
  const making = useMutation({
    mutationFn: async (): Promise<void> => {
      stopped.value = false
      let left: number
      do {
        const some = await answerOf(
          api.POST('/api/hq/campaigns/{campaign}/unit-accounts', {
            params: params.value,
            body: { most: atOnce },
          }),
        )
        made.value = [...made.value, ...some.made]
        left = some.made.length > 0 ? some.left : 0
      } while (left > 0 && !isStopped())
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
    gcTime: 0,
  })
  return { waiting, making, made, stop: () => (stopped.value = true) }
}
