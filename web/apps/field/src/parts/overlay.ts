/** What lies over a page. The phone's own way back closes it, and the page stays. */
import { onBeforeUnmount, watch, type Ref } from 'vue'

type Close = () => void

/** What is open, the topmost last. */
const overlays: Close[] = []

/** Has the way back close something while it is open. */
export function useOverlay(open: Ref<boolean>): void {
  const close = () => (open.value = false)
  const forget = () => {
    const at = overlays.lastIndexOf(close)
    if (at >= 0) overlays.splice(at, 1)
  }
  watch(
    open,
    (now) => {
      forget()
      if (now) overlays.push(close)
    },
    { immediate: true, flush: 'sync' },
  )
  onBeforeUnmount(forget)
}

/** Closes what is on top; false where a page has nothing over it. */
export function closeOverlay(): boolean {
  const close = overlays.at(-1) // it goes from the list when it is closed
  close?.()
  return close !== undefined || isAsking()
}

/** A question to say yes or no to: its library closes it by itself, at the same step back. */
function isAsking(): boolean {
  const gone = '[style*="display: none"], .van-dialog-bounce-leave-active'
  return document.querySelector(`.van-dialog:not(${gone})`) !== null
}
