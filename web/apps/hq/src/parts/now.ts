/** A clock that screens can show. */
import { onScopeDispose, ref, type Ref } from 'vue'

/** The time in Unix milliseconds, kept up to date while the component lives. */
export function useNow(everyMillis: number): Readonly<Ref<number>> {
  const now = ref(Date.now())
  const timer = setInterval(() => {
    now.value = Date.now()
  }, everyMillis)
  onScopeDispose(() => {
    clearInterval(timer)
  })
  return now
}
