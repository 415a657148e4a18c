/** Values that are looked at once somebody stops typing. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/** What a function gives, as it was when it had not changed for a while. */
export function useDebounced<T>(get: () => T, millis: number): Readonly<ShallowRef<T>> {
  const settled = shallowRef(get())
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    () => JSON.stringify(get()),
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        settled.value = get()
      }, millis)
    },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return settled
}
