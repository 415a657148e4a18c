/** Reading and changing what is asked. */
import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import { campaignKey, useCampaignId } from '../../campaign/campaign'
import { useReread } from '../../campaign/reread'
import type { Question, QuestionForm } from './form'

export function useQuestions() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'questions')),
    queryFn: async (): Promise<readonly Question[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/questions', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
  })
}

/** What is saved: a new question, or another wording of one that was read. */
export interface Saving {
  readonly form: QuestionForm
  readonly of: Question | undefined
}

export function useSaveQuestion() {
  const api = useApi()
  const campaign = useCampaignId()
  const reread = useReread()
  return useMutation({
    mutationFn: async ({ form, of }: Saving): Promise<void> => {
      const path = { campaign: campaign.value }
      if (of === undefined) {
        await answerOf(
          api.POST('/api/hq/campaigns/{campaign}/questions', { params: { path }, body: form }),
        )
        return
      }
      await doneOf(
        api.PUT('/api/hq/campaigns/{campaign}/questions/{question}', {
          params: { path: { ...path, question: of.id } },
          body: { ...form, revision: of.revision },
        }),
      )
    },
    onSuccess: reread,
  })
}

export function useWithdrawQuestion() {
  const api = useApi()
  const campaign = useCampaignId()
  const reread = useReread()
  return useMutation({
    mutationFn: ({ question, withdrawn }: { question: string; withdrawn: boolean }) =>
      doneOf(
        api.POST('/api/hq/campaigns/{campaign}/questions/{question}/withdrawal', {
          params: { path: { campaign: campaign.value, question } },
          body: { withdrawn },
        }),
      ),
    onSettled: reread,
  })
}

export function useOrderQuestions() {
  const api = useApi()
  const campaign = useCampaignId()
  const reread = useReread()
  return useMutation({
    mutationFn: (questions: readonly string[]) =>
      doneOf(
        api.PUT('/api/hq/campaigns/{campaign}/question-order', {
          params: { path: { campaign: campaign.value } },
          body: { questions: [...questions] },
        }),
      ),
    onSettled: reread,
  })
}
