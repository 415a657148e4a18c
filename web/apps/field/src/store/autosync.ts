/** Syncs by itself when there is something to gain, and never bothers anyone about it. */

/** What it watches and does. */
export interface AutoSync {
  /** Tells of each save by a `saved` event. */
  readonly saved: EventTarget
  /** Whether the store is open and the device enrolled. */
  readonly ready: () => boolean
  readonly sync: () => Promise<unknown>
}

/** Saves in quick succession go in one sync. Milliseconds. */
const settleMs = 1_500

/** An app that stays open asks headquarters for news this often. Milliseconds. */
const pollMs = 5 * 60_000

/** Starts watching: saves, the network's return, the app coming to the front, and time. */
export function startAutoSync({ saved, ready, sync }: AutoSync): void {
  let settling: ReturnType<typeof setTimeout> | undefined
  let again = false
  let running = false

  const attempt = async (): Promise<void> => {
    if (!ready() || !navigator.onLine) return
    if (running) {
      again = true
      return
    }
    running = true
    try {
      // Its result is written down; the sync screen shows it.
      await sync()
    } catch {
      // The store was closed meanwhile: its next owner syncs.
    } finally {
      running = false
    }
    if (again) {
      again = false
      await attempt()
    }
  }
  const soon = (): void => {
    clearTimeout(settling)
    settling = setTimeout(() => void attempt(), settleMs)
  }
  saved.addEventListener('saved', soon)
  window.addEventListener('online', soon)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') soon()
  })
  setInterval(() => {
    if (document.visibilityState === 'visible') void attempt()
  }, pollMs)
  soon()
}
