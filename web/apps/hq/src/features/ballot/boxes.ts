/** Votes in halls, as headquarters sees them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { answerOf, doneOf, useApi } from '../../api/client'
import type { Box, Criterion } from '../../api/types'
import { campaignKey, useCampaignId } from '../../campaign/campaign'

/** How often the count of ballots is read while people vote. */
const liveMillis = 2_000

export function useBoxes() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'boxes')),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/boxes', {
          params: { path: { campaign: campaign.value } },
        }),
      ),
    enabled: computed(() => campaign.value !== ''),
    refetchInterval: liveMillis,
    // A big screen may be a window nobody looks at with the mouse.
    refetchIntervalInBackground: true,
  })
}

export function useOpenBox() {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (box: {
      readonly unit_id: string
      readonly title: string
      readonly tickets: number
    }) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/boxes', {
          params: { path: { campaign: campaign.value } },
          body: box,
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value) }),
  })
}

export function useReissue() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (box: string) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/boxes/{box}/tickets', {
          params: { path: { campaign: campaign.value, box } },
        }),
      ),
  })
}

export function useCloseBox() {
  const api = useApi()
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (box: string) =>
      doneOf(
        api.POST('/api/hq/campaigns/{campaign}/boxes/{box}/close', {
          params: { path: { campaign: campaign.value, box } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value) }),
  })
}

/** Units of a category that there is something to score of. */
export function useUnits(category: () => Category) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'scores', category())),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/campaigns/{campaign}/scores', {
          params: { path: { campaign: campaign.value }, query: { category: category() } },
        }),
      ),
  })
}

export type Category = 'village' | 'community' | 'department' | 'soe' | 'hospital' | 'school'

/** The address that a ticket opens. What follows # is never sent to a server. */
export function ticketAddress(ticket: string, origin = location.origin): string {
  return `${origin}/vote#${ticket}`
}

export type State = 'open' | 'closed' | 'few'

export function stateOf({ closed_at, few }: Pick<Box, 'closed_at' | 'few'>): State {
  if (closed_at === undefined) return 'open'
  return few ? 'few' : 'closed'
}

/** One bar of a distribution. */
export interface Bar {
  /** Hundredths of a point. */
  readonly mark: number
  readonly count: number
  /** Of the votes about this criterion, 0 to 1. */
  readonly share: number
}

/** The distribution of a criterion's marks, best first; marks nobody gave are there too. */
export function barsOf(histogram: Readonly<Record<string, number>>, markMax: number): Bar[] {
  const all = Object.values(histogram).reduce((sum, n) => sum + n, 0)
  const marks = new Set([...choicesFor(markMax), ...Object.keys(histogram).map(Number)])
  return [...marks]
    .sort((a, b) => b - a)
    .map((mark) => {
      const count = histogram[String(mark)] ?? 0
      return { mark, count, share: all === 0 ? 0 : count / all }
    })
}

const pointsMax = 10
const grades = [100, 80, 60, 40] as const

/** What ballots can choose, as the server has it: points of up to ten, else four grades. */
export function choicesFor(markMax: number): readonly number[] {
  if (markMax > pointsMax) return grades.map((percent) => percent * markMax)
  return Array.from({ length: markMax }, (_, i) => (markMax - i) * 100)
}

/** The word of a mark: a grade's, or the points. */
export function wordOf(mark: number, { mark_max }: Pick<Criterion, 'mark_max'>, words: string) {
  const i = choicesFor(mark_max).indexOf(mark)
  const grade = mark_max > pointsMax ? words.split('、')[i] : undefined
  return grade ?? String(mark / 100)
}
