/** What is fetched only once somebody gets there. */
import { onMounted, onScopeDispose, ref, type Ref } from 'vue'

/** Whether an element has come into view; it stays so. */
export function useSeen(element: Readonly<Ref<Element | null>>): Readonly<Ref<boolean>> {
  const seen = ref(false)
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return
    seen.value = true
    watcher.disconnect()
  })
  onMounted(() => {
    if (element.value) watcher.observe(element.value)
  })
  onScopeDispose(() => {
    watcher.disconnect()
  })
  return seen
}
