/** What the page does where headquarters told the phone to wipe itself. */
import type { Left, Unsent } from '@sansuiji/local'

/** How far it is. */
export type Leaving =
  | { readonly kind: 'bringing'; readonly unsent: Unsent | null }
  | { readonly kind: 'left'; readonly left: Left; readonly at: number }
  /** Something of the browser's own could not be removed. */
  | { readonly kind: 'stuck'; readonly detail: string }

/** What stays: that the phone was wiped. */
const name = 'sansuiji-wiped'

/** Removes what the worker cannot: the app's files, its service worker, and small settings. */
export async function wipePage(left: Left, at: number): Promise<void> {
  const registrations = await navigator.serviceWorker.getRegistrations()
  await Promise.all(registrations.map((one) => one.unregister()))
  for (const cache of await caches.keys()) await caches.delete(cache)
  sessionStorage.clear()
  localStorage.clear()
  localStorage.setItem(name, JSON.stringify({ left, at }))
}

/** That this phone was wiped, until somebody enrols it anew. */
export function wipedBefore(): Leaving | null {
  const text = localStorage.getItem(name)
  if (text === null) return null
  return { kind: 'left', ...(JSON.parse(text) as { left: Left; at: number }) }
}

export function forgetWiped(): void {
  localStorage.removeItem(name)
}
