/** Findings that are chosen to be decided about together. */
import { computed, shallowRef, type ComputedRef } from 'vue'

import type { Finding } from '../../api/types'

/** The server takes no more at once. */
export const chosenMax = 200

export interface Selection {
  readonly chosen: ComputedRef<ReadonlyMap<string, Finding>>
  readonly toggle: (row: Finding) => void
  /** All of a page, or none of it. */
  readonly togglePage: (rows: readonly Finding[]) => void
  readonly clear: () => void
}

/** What can be decided about with others: not what was withdrawn, nor what is not submitted yet. */
export function canBeChosen(row: Finding): boolean {
  return row.withdrawn_at === undefined && !isDraft(row)
}

/** Whether its team is still at it. */
export function isDraft({ status, review, withdrawn_at: withdrawn }: Finding): boolean {
  return status === 'draft' && review === 'pending' && withdrawn === undefined
}

export function useSelection(): Selection {
  const chosen = shallowRef<ReadonlyMap<string, Finding>>(new Map())
  return {
    chosen: computed(() => chosen.value),
    toggle: (row) => {
      const next = new Map(chosen.value)
      if (!next.delete(row.id) && canBeChosen(row) && next.size < chosenMax) next.set(row.id, row)
      chosen.value = next
    },
    togglePage: (rows) => {
      const able = rows.filter(canBeChosen)
      const next = new Map(chosen.value)
      const all = able.every((row) => next.has(row.id))
      for (const row of able) {
        if (all) next.delete(row.id)
        else if (next.size < chosenMax) next.set(row.id, row)
      }
      chosen.value = next
    },
    clear: () => {
      chosen.value = new Map()
    },
  }
}
