/** Long lists are shown a piece at a time. */
import { computed, ref, type ComputedRef } from 'vue'

const pieceMax = 50

export interface Shown<T> {
  readonly items: ComputedRef<readonly T[]>
  /** How many the next piece brings. */
  readonly more: ComputedRef<number>
  readonly showMore: () => void
}

export function useShown<T>(all: () => readonly T[]): Shown<T> {
  const limit = ref(pieceMax)
  return {
    items: computed(() => all().slice(0, limit.value)),
    more: computed(() => Math.min(pieceMax, Math.max(0, all().length - limit.value))),
    showMore: () => {
      limit.value += pieceMax
    },
  }
}
