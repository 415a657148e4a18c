/** Previewing tables, importing them, and how far that is. */
import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { answerOf, useApi } from '../../api/client'
import { useCampaignId } from '../../campaign/campaign'
import { useReread } from '../../campaign/reread'
import { readBase64 } from '../../parts/base64'
import { sentOf, type Chosen, type Kind, type Mapping } from './table'

/** A file as it is sent. */
export interface TableFile {
  readonly name: string
  /** Base 64. */
  readonly bytes: string
}

/** What is asked of the server about a file. */
export interface Asking {
  readonly file: TableFile
  readonly sheet: string
  /** Number of the row that heads the table; 0: it is looked for. */
  readonly header: number
  /** A person's word for the columns; undefined: as remembered, or by the header. */
  readonly mapping: Mapping | undefined
  readonly ticket: string
}

function bodyOf({ file, sheet, header, mapping, ticket }: Asking) {
  return {
    name: file.name,
    file: file.bytes,
    ticket,
    ...(sheet === '' ? {} : { sheet }),
    ...(header > 0 ? { header } : {}),
    ...(mapping === undefined ? {} : { mapping: sentOf(mapping) }),
  }
}

export function usePreview() {
  const api = useApi()
  const campaign = useCampaignId()
  return useMutation({
    mutationFn: ({ kind, asking }: { kind: Chosen; asking: Asking }) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/import/{kind}/preview', {
          params: { path: { campaign: campaign.value, kind } },
          body: bodyOf(asking),
        }),
      ),
  })
}

export function useImport() {
  const api = useApi()
  const campaign = useCampaignId()
  const reread = useReread()
  return useMutation({
    mutationFn: ({ kind, asking }: { kind: Kind; asking: Asking }) =>
      answerOf(
        api.POST('/api/hq/campaigns/{campaign}/import/{kind}', {
          params: { path: { campaign: campaign.value, kind } },
          body: bodyOf(asking),
        }),
      ),
    onSettled: reread,
  })
}

const progressMillis = 500

/** How far what has a ticket is; asked while there is one. */
export function useProgress(ticket: Readonly<Ref<string>>) {
  const api = useApi()
  return useQuery({
    queryKey: computed(() => ['import-progress', ticket.value]),
    queryFn: () =>
      answerOf(
        api.GET('/api/hq/import-progress/{ticket}', { params: { path: { ticket: ticket.value } } }),
      ),
    enabled: computed(() => ticket.value !== ''),
    refetchInterval: progressMillis,
    retry: false,
    gcTime: 0,
  })
}

/** A random text that stands for what is under way. */
export function newTicket(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Reads a file as it is sent. */
export async function readTable(file: File): Promise<TableFile> {
  return { name: file.name, bytes: await readBase64(file) }
}

/** Where the empty table of a kind is downloaded. */
export function templateFile(campaign: string, kind: Kind): string {
  return `/api/hq/campaigns/${campaign}/import/${kind}/template.csv`
}
