/**
 * News of the campaign on the screen. The server tells when it has moved; what is read of it is
 * then read again. Without a stream, the times at which lists are read anyway are all there is.
 */
import { useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { onScopeDispose, ref, watch, type Ref } from 'vue'

import { campaignKey, useCampaignId } from './campaign'

/** What is read again. Not what somebody decides on, which stays before their eyes as it is. */
const followed: readonly string[] = [
  'overview',
  'dashboard',
  'map',
  'findings',
  'conflicts',
  'quarantine',
  'conclusions',
  'visits',
]

/** News closer together than this are one. */
const pauseMillis = 700

export type LiveState = 'live' | 'waiting'

interface Moment {
  readonly epoch: string
  readonly revision: number
  readonly position: number
}

function isMoment(value: unknown): value is Moment {
  return typeof value === 'object' && value !== null && 'revision' in value && 'epoch' in value
}

/** Reads the moment of an event; anything else is no news. */
export function momentOf(data: string): string | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return isMoment(value) ? `${value.epoch} ${value.revision} ${value.position}` : undefined
  } catch {
    return undefined
  }
}

function readAgain(queries: QueryClient, campaign: string): void {
  for (const name of followed) {
    void queries.invalidateQueries({ queryKey: campaignKey(campaign, name) })
  }
}

/** A stream that was refused is asked for again, though not at once. */
const refusedMillis = 10_000

/** Follows a campaign until told to stop. */
function follow(campaign: string, queries: QueryClient, state: Ref<LiveState>): () => void {
  let known: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let stop = (): void => undefined
  const source = new EventSource(`/api/hq/campaigns/${encodeURIComponent(campaign)}/events`)
  source.addEventListener('beat', () => {
    state.value = 'live'
  })
  source.addEventListener('moment', (event: MessageEvent<string>) => {
    const now = momentOf(event.data)
    if (now === undefined || now === known) return
    const first = known === undefined
    known = now
    if (first) return // what is on the screen was read just now
    clearTimeout(timer)
    timer = setTimeout(() => {
      readAgain(queries, campaign)
    }, pauseMillis)
  })
  source.addEventListener('error', () => {
    state.value = 'waiting'
    if (source.readyState !== EventSource.CLOSED) return
    again = setTimeout(() => {
      stop = follow(campaign, queries, state)
    }, refusedMillis)
  })
  return () => {
    clearTimeout(timer)
    clearTimeout(again)
    source.close()
    stop()
  }
}

/** Follows the campaign on the screen while the component lives. */
export function useLive(): Readonly<Ref<LiveState>> {
  const queries = useQueryClient()
  const campaign = useCampaignId()
  const state = ref<LiveState>('waiting')
  let stop: (() => void) | undefined
  watch(
    campaign,
    (id) => {
      stop?.()
      stop = id && 'EventSource' in globalThis ? follow(id, queries, state) : undefined
    },
    { immediate: true },
  )
  onScopeDispose(() => stop?.())
  return state
}
