/** Where the phone is, if the person allows it. */
import type { Place } from '@sansuiji/local'
import { ref, type Ref } from 'vue'

/** How far locating has come. */
export type Locating = 'idle' | 'locating' | 'denied' | 'unavailable'

/** A fix that takes longer counts as unavailable. Milliseconds. */
const fixWaitMs = 20_000

/** A fix this fresh is good enough. Milliseconds. */
const fixAgeMs = 30_000

/** Asks the phone where it is, once. */
export function usePlace(found: (place: Place) => void): {
  readonly state: Readonly<Ref<Locating>>
  readonly locate: () => void
} {
  const state = ref<Locating>('idle')
  const locate = () => {
    if (!('geolocation' in navigator)) {
      state.value = 'unavailable'
      return
    }
    state.value = 'locating'
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        state.value = 'idle'
        found({
          latitudeE7: Math.round(coords.latitude * 1e7),
          longitudeE7: Math.round(coords.longitude * 1e7),
          accuracyM: Math.round(coords.accuracy),
        })
      },
      (error) => {
        state.value = error.code === error.PERMISSION_DENIED ? 'denied' : 'unavailable'
      },
      { enableHighAccuracy: true, timeout: fixWaitMs, maximumAge: fixAgeMs },
    )
  }
  return { state, locate }
}
