/** Words being typed into one field, kept until they are saved. */
import type { Id } from '@sansuiji/protocol'
import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'

import { useStore } from '../../store/store'

/** Typing is written down after this pause. Milliseconds. */
const pauseMs = 300

/** A field's words. */
export interface Draft {
  readonly words: Ref<string>
  /** Words of an earlier time that were never saved were put back. */
  readonly restored: Readonly<Ref<boolean>>
  /** What is in the field is being saved, which forgets the kept words by itself. */
  readonly settled: () => void
}

/** Keeps what differs from what is saved; follows what is saved where nothing was typed. */
export function useDraft(key: Id, saved: () => string): Draft {
  const store = useStore()
  const words = ref(saved())
  const restored = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let dirty = false

  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    if (!dirty) return
    dirty = false
    if (words.value === saved()) await store.service().dropForm(key)
    else await store.service().keepForm(key, words.value)
  }
  const flushQuietly = (): void => {
    // A store that was closed meanwhile has flushed this field before.
    flush().catch(() => undefined)
  }
  const hide = () => {
    if (document.visibilityState === 'hidden') flushQuietly()
  }
  const unregister = store.beforeRelease(flush)
  watch(words, (now) => {
    if (now === saved()) restored.value = false
    dirty = true
    clearTimeout(timer)
    timer = setTimeout(flushQuietly, pauseMs)
  })
  watch(saved, (now, before) => {
    if (words.value === before) words.value = now
  })
  onMounted(async () => {
    document.addEventListener('visibilitychange', hide)
    const kept = await store.service().keptForm(key)
    if (kept === null || kept === words.value || words.value !== saved()) return
    words.value = kept
    restored.value = true
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', hide)
    unregister()
    flushQuietly()
  })
  return {
    words,
    restored,
    settled: () => {
      clearTimeout(timer)
      dirty = false
      restored.value = false
    },
  }
}
