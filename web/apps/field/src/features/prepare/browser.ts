/** What the browser says of itself: whether the app starts without a network and keeps its data. */
import type { BrowserFacts } from '@sansuiji/local'

import { isPersisted } from '../../parts/persist'

/** Asks the browser. It never fails; what is not told is undefined. */
export async function browserFacts(): Promise<BrowserFacts> {
  const [cached, persisted, freeBytes] = await Promise.all([
    isCached().catch(() => undefined),
    isPersisted(),
    free().catch(() => undefined),
  ])
  return { online: navigator.onLine, cached, persisted, freeBytes }
}

async function free(): Promise<number | undefined> {
  const { quota, usage } = await navigator.storage.estimate()
  return quota === undefined ? undefined : quota - (usage ?? 0)
}

/** Whether a service worker is in charge and has every file that this page runs on. */
async function isCached(): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false
  const registration = await navigator.serviceWorker.getRegistration()
  if (!registration?.active) return false
  const wanted = ['/index.html', ...filesInUse()]
  const found = await Promise.all(wanted.map((url) => caches.match(url, { ignoreSearch: true })))
  return found.every((answer) => answer !== undefined) && (await hasEngine())
}

/** The scripts and styles of this page; workers list theirs nowhere. */
function filesInUse(): readonly string[] {
  const assets = `${location.origin}/assets/`
  const names = performance.getEntriesByType('resource').map(({ name }) => name)
  return [...new Set(names.filter((name) => name.startsWith(assets)))]
}

/** SQLite is fetched by the worker, out of this page's sight. */
async function hasEngine(): Promise<boolean> {
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys()
    if (requests.some(({ url }) => new URL(url).pathname.endsWith('.wasm'))) return true
  }
  return false
}

/** Fetches the app's files again; without a service worker the page starts anew. */
export async function fetchApp(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration()
  if (!registration) {
    location.reload()
    return
  }
  await registration.update()
  await navigator.serviceWorker.ready
}
