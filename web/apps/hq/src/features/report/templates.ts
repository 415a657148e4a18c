/** Offices' own wordings of documents: reading, bringing and withdrawing them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import type { components } from '@sansuiji/protocol'

import { answerOf, doneOf, useApi } from '../../api/client'
import { campaignKey, useCampaignId } from '../../campaign/campaign'
import { readBase64 } from '../../parts/base64'

export type Version = components['schemas']['TemplateVersion']
export type Mistake = components['schemas']['Mistake']
type Upload = components['schemas']['TemplateUpload']

/** A template with its versions, the newest first. */
export interface Template {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly versions: readonly Version[]
}

/** Versions by their template, in the order of the list. */
export function templatesOf(versions: readonly Version[]): readonly Template[] {
  const found = new Map<string, Version[]>()
  for (const version of versions) found.set(version.id, [...(found.get(version.id) ?? []), version])
  return [...found].map(([id, list]) => ({
    id,
    kind: list[0]?.kind ?? '',
    name: list[0]?.name ?? '',
    versions: list,
  }))
}

/** The versions of a kind that can be used, with the words they are chosen by. */
export function usable(
  versions: readonly Version[],
  kind: string,
): readonly { readonly value: string; readonly label: string }[] {
  return versions
    .filter((one) => one.kind === kind && one.withdrawn_at === undefined)
    .map(({ id, version, name }) => ({ value: `${id}/${version}`, label: `${name} v${version}` }))
}

/** What an order says of a choice: the id and the version. */
export function chosenTemplate(value: string): { template?: string; template_version?: number } {
  const [template, version] = value.split('/')
  return template ? { template, template_version: Number(version) } : {}
}

export function useTemplates() {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => campaignKey(campaign.value, 'templates')),
    queryFn: async (): Promise<readonly Version[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/templates', {
          params: { path: { campaign: campaign.value } },
        }),
      )) ?? [],
    enabled: computed(() => campaign.value !== ''),
  })
}

/** Reads the templates again. */
function useReread(): () => Promise<void> {
  const queries = useQueryClient()
  const campaign = useCampaignId()
  return () => queries.invalidateQueries({ queryKey: campaignKey(campaign.value, 'templates') })
}

/** What a person brings. */
export interface Brought {
  readonly kind: Upload['kind']
  readonly name: string
  /** Whose next version it is; empty: a new template. */
  readonly template: string
  readonly file: File
}

export function usePut() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: async ({ kind, name, template, file }: Brought) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/templates', {
          params: { path: { campaign: campaign.value } },
          body: {
            kind,
            name: template ? '' : name.trim(),
            ...(template ? { template } : {}),
            file: await readBase64(file),
          },
        }),
      ),
    onSettled: useReread(),
  })
}

export function useWithdraw() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: ({ id, version }: Version) =>
      doneOf(
        api.POST('/api/hq/campaigns/{campaign}/templates/{template}/{version}/withdraw', {
          params: { path: { campaign: campaign.value, template: id, version } },
        }),
      ),
    onSettled: useReread(),
  })
}
