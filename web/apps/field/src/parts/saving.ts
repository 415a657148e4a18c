/** Saves and tells the person how it went: success only after the store has committed. */
import type { Failure, SavedView, Service } from '@sansuiji/local'
import { showToast } from 'vant'
import { ref, shallowRef, type Ref } from 'vue'

import { failureOf, useStore } from '../store/store'
import { failureMessage } from './failure'
import { useSpeech } from './language'

/** Most saves are done by then, and a button that turns for a blink disturbs. Milliseconds. */
const patience = 150

/** A save button's life. */
export interface Saving {
  /** Whether a save takes so long that it should be seen. */
  readonly busy: Readonly<Ref<boolean>>
  /** Why the last save failed, for screens that keep saying so. */
  readonly failure: Readonly<Ref<Failure | null>>
  /** What was saved, or nothing when it failed and the person was told. */
  readonly save: (work: (service: Service) => Promise<SavedView>) => Promise<SavedView | undefined>
}

/** Quiet: the screen itself shows what is saved, and only failures are told. */
export function useSaving({ quiet = false } = {}): Saving {
  const store = useStore()
  const { t, language } = useSpeech()
  const busy = ref(false)
  const failure = shallowRef<Failure | null>(null)
  let running = false
  const save: Saving['save'] = async (work) => {
    if (running) return undefined
    running = true
    const showing = setTimeout(() => (busy.value = true), patience)
    failure.value = null
    try {
      const saved = await store.saving(work(store.service()))
      if (!quiet) {
        showToast({
          message: t(saved.changed ? 'frame.saved' : 'frame.unchanged'),
          position: 'bottom',
        })
      }
      return saved
    } catch (error) {
      failure.value = failureOf(error)
      const { title, advice } = failureMessage(failure.value, language.value)
      showToast({ message: [title, advice].filter(Boolean).join('\n'), duration: 5000 })
      return undefined
    } finally {
      running = false
      clearTimeout(showing)
      busy.value = false
    }
  }
  return { busy, failure, save }
}
