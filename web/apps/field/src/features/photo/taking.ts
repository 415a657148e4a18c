/** Keeps pictures that the camera or the gallery gave. */
import type { Failure, PhotoInput, PhotoSource, Place } from '@sansuiji/local'
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'

import { usePlace } from '../../parts/place'
import { failureOf, useStore } from '../../store/store'

/** A picture that was not kept. */
export interface Trouble {
  readonly file: File
  readonly source: PhotoSource
  readonly failure: Failure
}

/** Taking photos. */
export interface Taking {
  /** Pictures that are being kept. */
  readonly busy: Readonly<Ref<number>>
  /** The first that was not kept; once it is taken away, the next. */
  readonly trouble: Ref<Trouble | null>
  /** Call it when the person reaches for the camera. */
  readonly prepare: () => void
  readonly take: (files: readonly File[], source: PhotoSource) => Promise<void>
}

/** Keeps pictures and gives each one away, durable. */
export function useTaking(taken: (photo: PhotoInput) => unknown): Taking {
  const store = useStore()
  const busy = ref(0)
  const troubles = shallowRef<readonly Trouble[]>([])
  const trouble = computed({
    get: () => troubles.value[0] ?? null,
    set: () => {
      troubles.value = troubles.value.slice(1)
    },
  })
  const place = shallowRef<Place | null>(null)
  const { locate } = usePlace((found) => {
    place.value = found
  })
  const prepare = () => {
    place.value = null
    // While the camera opens no question of the browser would be seen.
    void isAllowed().then((allowed) => {
      if (allowed) locate()
    })
  }
  const one = async (file: File, source: PhotoSource): Promise<void> => {
    const now = new Date().getTime()
    // Where and when a picture of the gallery was taken is known by its file alone.
    const takenAt = source === 'camera' ? now : Math.min(now, file.lastModified)
    try {
      const photo = await store
        .service()
        .keepPhoto(file, source, takenAt)
        .finally(() => {
          busy.value -= 1
        })
      await taken({ ...photo, caption: '', place: source === 'camera' ? place.value : null })
    } catch (error) {
      troubles.value = [...troubles.value, { file, source, failure: failureOf(error) }]
    }
  }
  const take = async (files: readonly File[], source: PhotoSource): Promise<void> => {
    busy.value += files.length
    for (const file of files) await one(file, source)
  }
  // Who leaves meanwhile would leave the photo behind.
  onBeforeRouteLeave(() => until(() => busy.value === 0))
  return { busy, trouble, prepare, take }
}

/** Resolves once something holds. */
function until(holds: () => boolean): Promise<void> {
  return new Promise((done) => {
    const stop = watch(
      holds,
      (now) => {
        if (!now) return
        done()
        void Promise.resolve().then(() => {
          stop()
        })
      },
      { immediate: true, flush: 'sync' },
    )
  })
}

async function isAllowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted'
  } catch {
    return false // a browser that does not say
  }
}
