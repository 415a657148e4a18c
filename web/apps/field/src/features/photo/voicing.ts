/** Records a voice note into a form, and gets back one that a kill cut off. */
import type { VoiceInput } from '@sansuiji/local'
import type { Id } from '@sansuiji/protocol'
import { nextTick, watch, type Ref } from 'vue'

import { useRecorder, type Recorder } from '../../parts/recorder'
import { useStore } from '../../store/store'

/** What a form gives of itself. */
export interface VoiceForm {
  readonly key: Id
  /** Whether what was kept of the form is back in it. */
  readonly ready: () => boolean
  readonly voices: Ref<readonly VoiceInput[]>
}

/** Records; `stop` puts the note into the form. */
export function useVoicing({ key, ready, voices }: VoiceForm): Recorder {
  const store = useStore()
  const recorder = useRecorder((piece) => store.service().keepVoice(key, piece))

  const take = async (): Promise<void> => {
    const service = store.service()
    const kept = await service.endVoice(key)
    if (kept && !voices.value.some(({ hash }) => hash === kept.hash)) {
      voices.value = [...voices.value, { ...kept, caption: '', place: null }]
      // The form is kept before the note's growing file goes.
      await nextTick()
    }
    await service.dropVoice(key)
  }
  watch(
    ready,
    (now) => {
      if (now) void take()
    },
    { immediate: true },
  )
  // It may have ended by itself, for want of room.
  watch(recorder.state, (now, before) => {
    if (before === 'running' && now === 'full') void recorder.stop().then(take)
  })
  const stop = async (): Promise<void> => {
    await recorder.stop()
    await take()
  }
  return { ...recorder, stop }
}
