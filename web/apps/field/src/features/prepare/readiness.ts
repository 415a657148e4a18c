/** How this phone stands before it leaves, and what can be done about it. */
import {
  judgeReady,
  type BrowserFacts,
  type ReadyFacts,
  type Readiness,
  type ReadyRemedy,
} from '@sansuiji/local'
import { computed, onBeforeUnmount, onMounted, ref, shallowRef, type Ref } from 'vue'

import { askToPersist } from '../../parts/persist'
import { useLive } from '../../store/live'
import { useStore } from '../../store/store'
import { browserFacts, fetchApp } from './browser'

/** Ages of syncs are judged anew this often. Milliseconds. */
const tickMs = 30_000

/** What the screens show of it. */
export interface Readying {
  /** Undefined until everything was looked at once. */
  readonly judged: Readonly<Ref<Readiness | undefined>>
  readonly facts: Readonly<Ref<ReadyFacts | undefined>>
  readonly browser: Readonly<Ref<BrowserFacts | undefined>>
  /** The remedy at work. */
  readonly doing: Readonly<Ref<ReadyRemedy | null>>
  readonly apply: (remedy: ReadyRemedy) => Promise<void>
}

export function useReadiness(): Readying {
  const store = useStore()
  const { value: facts } = useLive((service) => service.readyFacts())
  const browser = shallowRef<BrowserFacts>()
  const now = ref(new Date().getTime())
  const doing = ref<ReadyRemedy | null>(null)

  const look = async (): Promise<void> => {
    browser.value = await browserFacts()
    now.value = new Date().getTime()
  }
  const lookSoon = () => void look()
  const timer = setInterval(lookSoon, tickMs)
  onMounted(() => {
    lookSoon()
    for (const event of ['online', 'offline']) window.addEventListener(event, lookSoon)
    // The first visit: the service worker is still fetching the app's files.
    if ('serviceWorker' in navigator) void navigator.serviceWorker.ready.then(look)
  })
  onBeforeUnmount(() => {
    clearInterval(timer)
    for (const event of ['online', 'offline']) window.removeEventListener(event, lookSoon)
  })

  const work: Readonly<Record<ReadyRemedy, () => Promise<unknown>>> = {
    sync: () => store.sync(),
    reload: fetchApp,
    persist: askToPersist,
    recheck: () => Promise.resolve(),
  }
  const apply = async (remedy: ReadyRemedy): Promise<void> => {
    if (doing.value) return
    doing.value = remedy
    try {
      // What came of it is seen by looking again.
      await work[remedy]().catch(() => undefined)
      await look()
    } finally {
      doing.value = null
    }
  }
  const judged = computed(() =>
    facts.value && browser.value ? judgeReady(facts.value, browser.value, now.value) : undefined,
  )
  return { judged, facts, browser, doing, apply }
}
