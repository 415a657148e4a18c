/** The form of an interview under way: encrypted and kept while it is typed. */
import type { TalkForm } from '@sansuiji/local'
import type { Id } from '@sansuiji/protocol'
import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'

import { useStore } from '../../store/store'

/** Typing is kept after this pause. Milliseconds. */
const pauseMs = 250

export type Keeping = 'kept' | 'keeping' | 'failed'

/** How far the keeping has come. */
export interface KeptTalk {
  readonly state: Readonly<Ref<Keeping>>
  /** Keeps what is not kept yet. */
  readonly flush: () => Promise<void>
  /** Ends the keeping: it was sealed or thrown away. */
  readonly end: () => void
}

/** Keeps a reactive form. */
export function useKeptTalk(id: Id, form: TalkForm): KeptTalk {
  const store = useStore()
  const state = ref<Keeping>('kept')
  // Changes made, and how many of them are kept.
  let made = 0
  let done = 0
  let ended = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    if (ended || done === made) return
    const upTo = made
    try {
      await store.service().keepTalk(id, plain(form))
      done = upTo
      if (done === made) state.value = 'kept'
    } catch {
      state.value = 'failed'
    }
  }
  const hide = () => {
    if (document.visibilityState === 'hidden') void flush()
  }
  const unregister = store.beforeRelease(flush)
  watch(form, () => {
    made += 1
    state.value = 'keeping'
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), pauseMs)
  })
  onMounted(() => {
    document.addEventListener('visibilitychange', hide)
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', hide)
    unregister()
    void flush()
  })
  return {
    state,
    flush,
    end: () => {
      ended = true
      clearTimeout(timer)
    },
  }
}

/** A copy that can be sent to the worker. */
export function plain(form: TalkForm): TalkForm {
  return { ...form, answers: { ...form.answers } }
}
