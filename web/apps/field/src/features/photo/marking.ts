/** Drawing marks with a finger: what is there, what is being drawn, and the way back. */
import { markPoint, marksMax, markTextMax, type Mark, type MarkPoint } from '@sansuiji/local'
import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue'

export type MarkTool = Mark['kind']

/** Tools in the order they are offered. */
export const markTools: readonly MarkTool[] = ['arrow', 'box', 'text']

/** A line this short was a slip of the finger. Ten-thousandths of the picture. */
const slip = 150

export interface Marking {
  readonly tool: Ref<MarkTool>
  /** What is there, with what is being drawn. */
  readonly shown: ComputedRef<readonly Mark[]>
  readonly marks: Readonly<Ref<readonly Mark[]>>
  /** Where words are to go, once a place for them was tapped. */
  readonly wordsAt: Readonly<Ref<MarkPoint | null>>
  readonly down: (event: PointerEvent) => void
  readonly move: (event: PointerEvent) => void
  readonly up: () => void
  readonly write: (words: string) => void
  readonly undo: () => void
}

/** Marks over one picture. */
export function useMarking(start: readonly Mark[]): Marking {
  const tool = ref<MarkTool>('arrow')
  const marks = shallowRef(start)
  const line = shallowRef<(Mark & { kind: 'arrow' | 'box' }) | null>(null)
  const wordsAt = shallowRef<MarkPoint | null>(null)
  const add = (mark: Mark) => {
    if (marks.value.length < marksMax) marks.value = [...marks.value, mark]
  }
  return {
    tool,
    marks,
    wordsAt,
    shown: computed(() => (line.value ? [...marks.value, line.value] : marks.value)),
    down: (event) => {
      const at = pointOf(event)
      if (tool.value === 'text') {
        wordsAt.value = at
        return
      }
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
      line.value = { kind: tool.value, from: at, to: at }
    },
    move: (event) => {
      if (line.value) line.value = { ...line.value, to: pointOf(event) }
    },
    up: () => {
      if (line.value && isDrawn(line.value)) add(line.value)
      line.value = null
    },
    write: (words) => {
      const text = words.trim().slice(0, markTextMax)
      if (text !== '' && wordsAt.value) add({ kind: 'text', at: wordsAt.value, text })
      wordsAt.value = null
    },
    undo: () => {
      if (wordsAt.value) wordsAt.value = null
      else marks.value = marks.value.slice(0, -1)
    },
  }
}

function isDrawn({ from, to }: { readonly from: MarkPoint; readonly to: MarkPoint }): boolean {
  return Math.hypot(to[0] - from[0], to[1] - from[1]) >= slip
}

function pointOf(event: PointerEvent): MarkPoint {
  const box = (event.currentTarget as Element).getBoundingClientRect()
  return markPoint((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height)
}
