/** Where the phone is, for distances: asked for once, and never insisted on. */
import { distanceM, type Place } from '@sansuiji/local'
import { onBeforeUnmount, onMounted, ref, shallowRef, type Ref } from 'vue'

/** Whether positions come: unasked until the person was asked, or why they do not. */
export type PositionState = 'unasked' | 'locating' | 'here' | 'denied' | 'unavailable'

/** A fix that takes longer counts as unavailable. Milliseconds. */
const fixWaitMs = 20_000

/** A fix this fresh is good enough. Milliseconds. */
const fixAgeMs = 30_000

const options: PositionOptions = {
  enableHighAccuracy: true,
  timeout: fixWaitMs,
  maximumAge: fixAgeMs,
}

/** The last fix of any screen, so that a list has distances at once on the way back. */
const last = shallowRef<Place | null>(null)

/** Where the phone has been since the app was opened. It is kept nowhere. */
const track = shallowRef<readonly Place[]>([])

/** Fixes closer together than this, or less sure than that, draw no way. Metres. */
const stepM = 25
const sureM = 100

/** So many steps are remembered. */
const stepsMax = 5_000

function note(place: Place): void {
  last.value = place
  const before = track.value.at(-1)
  if (place.accuracyM > sureM || (before && distanceM(before, place) < stepM)) return
  track.value = [...track.value.slice(1 - stepsMax), place]
}

function placeOf({ coords }: GeolocationPosition): Place {
  return {
    latitudeE7: Math.round(coords.latitude * 1e7),
    longitudeE7: Math.round(coords.longitude * 1e7),
    accuracyM: Math.round(coords.accuracy),
  }
}

/** Where the phone is now; null when the person or the phone does not say. */
export function currentPlace(): Promise<Place | null> {
  if (!('geolocation' in navigator)) return Promise.resolve(null)
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      (fix) => {
        note(placeOf(fix))
        resolve(last.value)
      },
      () => {
        resolve(null)
      },
      options,
    )
  })
}

/**
 * Follows where the phone is while a screen is shown. Where the person has agreed before
 * it starts by itself; else only `ask` makes the browser put the question.
 */
export function usePosition(): {
  readonly state: Readonly<Ref<PositionState>>
  readonly place: Readonly<Ref<Place | null>>
  /** Where the phone has been since the app was opened. */
  readonly track: Readonly<Ref<readonly Place[]>>
  readonly ask: () => void
} {
  const state = ref<PositionState>(last.value ? 'here' : 'unasked')
  let watching: number | undefined

  const ask = () => {
    if (!('geolocation' in navigator)) {
      state.value = 'unavailable'
      return
    }
    if (watching !== undefined) navigator.geolocation.clearWatch(watching)
    if (last.value === null) state.value = 'locating'
    watching = navigator.geolocation.watchPosition(
      (fix) => {
        note(placeOf(fix))
        state.value = 'here'
      },
      ({ code, PERMISSION_DENIED }) => {
        if (code === PERMISSION_DENIED) last.value = null
        if (last.value === null) state.value = code === PERMISSION_DENIED ? 'denied' : 'unavailable'
      },
      options,
    )
  }
  const look = async (): Promise<void> => {
    const permission = await permissionNow()
    if (permission === 'granted') ask()
    if (permission === 'denied') state.value = 'denied'
  }
  onMounted(() => void look())
  onBeforeUnmount(() => {
    if (watching !== undefined) navigator.geolocation.clearWatch(watching)
  })
  return { state, place: last, track, ask }
}

async function permissionNow(): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state
  } catch {
    return undefined // a browser that does not say
  }
}
