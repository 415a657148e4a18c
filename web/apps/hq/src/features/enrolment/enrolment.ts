/** Inspectors by team, and the codes that let devices in. */
import { useMutation } from '@tanstack/vue-query'

import type { components } from '@sansuiji/protocol'

import { answerOf, doneOf, useApi } from '../../api/client'
import type { Inspector } from '../../api/types'
import { useCampaignId } from '../../campaign/campaign'
import { useReread } from '../../campaign/reread'
import type { Act } from './device'

export type SheetCode = components['schemas']['SheetCode']

export function useNewCode() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: (inspector: string) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/enrolments', {
          params: { path: { campaign: campaign.value } },
          body: { inspector_id: inspector },
        }),
      ),
  })
}

/** Makes a code for each of several inspectors, for a sheet that is printed. */
export function useNewSheet() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: async (inspectors: readonly string[]): Promise<readonly SheetCode[]> =>
      (await answerOf(
        api.POST('/api/hq/campaigns/{campaign}/enrolment-sheet', {
          params: { path: { campaign: campaign.value } },
          body: { inspectors: [...inspectors] },
        }),
      )) ?? [],
    gcTime: 0,
  })
}

/** Revokes a device, or tells it to wipe itself. */
export function useDeviceAct() {
  const api = useApi()
  const campaign = useCampaignId()
  const reread = useReread()
  return useMutation({
    mutationFn: ({ device, act }: { device: string; act: Act }) => {
      const params = { path: { campaign: campaign.value, device } }
      return doneOf(
        act === 'revoke'
          ? api.POST('/api/hq/campaigns/{campaign}/devices/{device}/revocation', { params })
          : api.POST('/api/hq/campaigns/{campaign}/devices/{device}/wipe', { params }),
      )
    },
    onSettled: reread,
  })
}

export interface TeamGroup {
  /** Empty for inspectors without a team. */
  readonly team: string
  readonly inspectors: readonly Inspector[]
}

/** Inspectors by team in the order the server gives, leaders first, those without a team last. */
export function groupByTeam(inspectors: readonly Inspector[]): readonly TeamGroup[] {
  const groups = new Map<string, Inspector[]>()
  for (const inspector of inspectors) {
    const group = groups.get(inspector.team) ?? []
    groups.set(inspector.team, group)
    group.push(inspector)
  }
  return [...groups]
    .map(([team, members]) => ({ team, inspectors: leadersFirst(members) }))
    .sort((a, b) => Number(a.team === '') - Number(b.team === ''))
}

function leadersFirst(members: readonly Inspector[]): readonly Inspector[] {
  const rank = ({ role }: Inspector): number => (role === 'leader' ? 0 : 1)
  return [...members].sort((a, b) => rank(a) - rank(b))
}
