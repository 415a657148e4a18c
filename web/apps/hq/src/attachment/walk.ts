/** Going through attachments one by one. */
import { computed, ref } from 'vue'

import type { Attachment } from '../api/types'

/** Begins at one of a list; `moved` is called after each step. */
export function useWalk(list: () => readonly Attachment[], first: string, moved: () => void) {
  const id = ref(first)
  const index = computed(() => list().findIndex((one) => one.id === id.value))
  return {
    one: computed(() => list()[index.value]),
    /** From 1. */
    at: computed(() => index.value + 1),
    step: (by: 1 | -1): void => {
      const next = list()[index.value + by]
      if (index.value < 0 || next === undefined) return
      id.value = next.id
      moved()
    },
  }
}
