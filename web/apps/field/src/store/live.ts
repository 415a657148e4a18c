/** Reads something from the store again whenever it may have changed. */
import type { Failure, Service } from '@sansuiji/local'
import { onMounted, shallowRef, watch, type Ref } from 'vue'

import { failureOf, useStore } from './store'

/** A value that follows the store. */
export interface Live<T> {
  /** Nothing until it was read once. */
  readonly value: Readonly<Ref<T | undefined>>
  readonly failure: Readonly<Ref<Failure | null>>
}

/** Follows what `read` gives; also when what it depends on changes. */
export function useLive<T>(
  read: (service: Service) => Promise<T>,
  depends: () => unknown = () => null,
): Live<T> {
  const store = useStore()
  const value = shallowRef<T>()
  const failure = shallowRef<Failure | null>(null)
  let latest = 0
  const refresh = async (): Promise<void> => {
    const turn = ++latest
    try {
      const now = await read(store.service())
      if (turn !== latest) return
      value.value = now
      failure.value = null
    } catch (error) {
      if (turn === latest) failure.value = failureOf(error)
    }
  }
  watch([store.revision, depends], () => void refresh(), { immediate: true })
  return { value, failure }
}

/** Reads something once, for forms that start from it. Null when it is not there. */
export function useOnce<T>(read: (service: Service) => Promise<T>): Readonly<Ref<T | undefined>> {
  const store = useStore()
  const value = shallowRef<T>()
  onMounted(async () => {
    value.value = await read(store.service())
  })
  return value
}
