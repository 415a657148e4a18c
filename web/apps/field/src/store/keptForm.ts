/** A form whose content outlives a reload or a killed app until it is saved or given up. */
import type { Id } from '@sansuiji/protocol'
import { nextTick, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'

import { useStore } from './store'
import { Typed } from './typed'

/** Typing is written down after this pause. Milliseconds. */
const pauseMs = 300

/** What a form may do with its kept content. */
export interface KeptForm {
  /** Whether unsaved content of an earlier time was put back. */
  readonly restored: Readonly<Ref<boolean>>
  /** Whether it is known if there is kept content; inputs wait for it. */
  readonly ready: Readonly<Ref<boolean>>
  /** Stops keeping: it was saved, which forgets the kept content by itself. */
  readonly saved: () => void
  /** Forgets the kept content and puts the form back to what it was. */
  readonly giveUp: () => Promise<void>
}

/** How many photos and voice notes a form holds. */
function countAttached(form: object): number {
  const { photos, voices } = form as { readonly photos?: unknown; readonly voices?: unknown }
  return [photos, voices].reduce<number>((n, all) => n + (Array.isArray(all) ? all.length : 0), 0)
}

/** Notes each change, and keeps it after a pause in typing. */
function onChange(form: object, change: () => void, keep: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(form, () => {
    change()
    clearTimeout(timer)
    timer = setTimeout(keep, pauseMs)
  })
  // Before it is shown: whoever sees a photo relies on it.
  watch(
    () => countAttached(form),
    () => {
      change()
      keep()
    },
    { flush: 'sync' },
  )
}

/** Keeps a plain reactive object under a form's key. */
export function useKeptForm(key: Id, form: object): KeptForm {
  const store = useStore()
  const original = JSON.stringify(form)
  const restored = ref(false)
  const ready = ref(false)
  let keeping = false
  const typed = new Typed()

  const flush = async (): Promise<void> => {
    // Written now it would come back as a draft of what is being saved.
    if (store.isSaving()) await store.untilSaved()
    if (!keeping || !typed.waits) return
    typed.take()
    await store.service().keepForm(key, JSON.stringify(form))
    typed.keep()
  }
  const flushQuietly = (): void => {
    // A store that was closed meanwhile has flushed this form before.
    flush().catch(() => undefined)
  }
  const hide = () => {
    if (document.visibilityState === 'hidden') flushQuietly()
  }
  const change = (): void => {
    if (keeping) typed.change()
  }
  const start = async (): Promise<void> => {
    const kept = await store.service().keptForm(key)
    if (kept !== null && kept !== JSON.stringify(form)) {
      Object.assign(form, JSON.parse(kept))
      restored.value = true
    }
    keeping = true
    ready.value = true
    onChange(form, change, flushQuietly)
  }
  const unregister = store.beforeRelease(flush)
  onMounted(() => {
    document.addEventListener('visibilitychange', hide)
    void start()
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', hide)
    unregister()
    flush()
      .catch(() => undefined)
      .finally(() => {
        typed.forget()
      })
  })
  return {
    restored,
    ready,
    saved: () => {
      keeping = false
      typed.forget()
    },
    giveUp: async () => {
      keeping = false
      Object.assign(form, JSON.parse(original))
      restored.value = false
      await store.service().dropForm(key)
      await nextTick()
      typed.forget()
      keeping = true
    },
  }
}
