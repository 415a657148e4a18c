/** What was decided last, and how it is taken back. */
import { onScopeDispose, ref, type Ref } from 'vue'

import type { Finding } from '../../api/types'

/** A decision about a finding of a list. */
export interface Item {
  readonly finding: string
  readonly decision: 'accepted' | 'returned' | 'pending'
  readonly note: string
}

/** Decisions that can be taken back, for a while. */
export interface Undoable {
  readonly decision: Item['decision']
  readonly items: readonly Item[]
}

/** How long a decision is offered to be taken back. The history tells of both, later too. */
export const undoMillis = 12_000

type Before = Pick<Finding, 'id' | 'review' | 'review_note' | 'revised'>

/** What brings a finding back to where it was. One that was revised waits again. */
export function wayBack({ id, review, review_note: note, revised }: Before): Item {
  if (review === 'accepted') return { finding: id, decision: 'accepted', note }
  if (review === 'returned' && !revised && note) {
    return { finding: id, decision: 'returned', note }
  }
  return { finding: id, decision: 'pending', note: '' }
}

export interface Undo {
  readonly offered: Readonly<Ref<Undoable | undefined>>
  readonly offer: (decision: Item['decision'], before: readonly Before[]) => void
  readonly forget: () => void
}

export function useUndo(): Undo {
  const offered = ref<Undoable>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const forget = (): void => {
    clearTimeout(timer)
    offered.value = undefined
  }
  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return {
    offered,
    forget,
    offer: (decision, before) => {
      clearTimeout(timer)
      offered.value = { decision, items: before.map(wayBack) }
      timer = setTimeout(forget, undoMillis)
    },
  }
}
