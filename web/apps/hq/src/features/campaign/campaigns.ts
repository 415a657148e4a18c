/** Beginning campaigns. */
import { useMutation, useQueryClient } from '@tanstack/vue-query'

import { answerOf, useApi } from '../../api/client'
import { sentOf, type DetailsForm } from '../../campaign/details'

/** Begins a campaign and gives its id. */
export function useAddCampaign() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (form: DetailsForm) => {
      const body = { ...sentOf(form), code: form.code.trim() }
      return (await answerOf(api.POST('/api/hq/campaigns', { body }))).id
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['campaigns'] }),
  })
}
