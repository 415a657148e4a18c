/** The lock of the app: off until a person sets a PIN; then it falls after a time of rest. */
import type { Preferences } from '@sansuiji/ui'
import { inject, ref, type InjectionKey, type Ref } from 'vue'

import { matches, recordOf, roundsNow, waitOf, type PinRecord, type Tries } from './pin'

/** What is kept of the lock in the browser. */
interface Kept {
  readonly pin: PinRecord
  readonly minutes: number
  readonly tries: Tries
}

/** What a tried PIN came to. */
export type Unlocking = 'open' | 'wrong' | 'waiting'

/** Rests after which it may lock, and the one it begins with. Minutes. */
export const restChoices = [2, 5, 10, 30] as const
const restFirst = 10

/** Rests are looked at this often. Milliseconds. */
const tickMs = 5_000

const name = 'lock'
const activeName = 'lock-active'
const noTries: Tries = { wrong: 0, at: 0 }

/** What the lock works with; a test brings its own. */
export interface LockParts {
  readonly preferences: Preferences
  /** Unix milliseconds. */
  readonly clock: () => number
  /** Of hashing a PIN. */
  readonly rounds: number
}

/** The lock. */
export class AppLock {
  /** Whether the screens are hidden. */
  readonly locked: Ref<boolean>
  readonly enabled: Ref<boolean>
  readonly minutes: Ref<number>
  readonly #preferences: Preferences
  readonly #clock: () => number
  readonly #rounds: number
  #active: number

  constructor({ preferences, clock, rounds }: LockParts) {
    this.#preferences = preferences
    this.#clock = clock
    this.#rounds = rounds
    const kept = this.#kept()
    this.#active = Number(preferences.get(activeName) ?? 0)
    this.enabled = ref(kept !== null)
    this.minutes = ref(kept?.minutes ?? restFirst)
    // An app that is opened again after a rest is locked, one that was reloaded is not.
    this.locked = ref(kept !== null && this.#rested())
  }

  /** Watches for a person at the screen. */
  watch(): void {
    const touch = () => {
      this.touch()
    }
    for (const event of ['pointerdown', 'keydown']) {
      window.addEventListener(event, touch, { capture: true, passive: true })
    }
    const look = () => {
      this.look()
    }
    document.addEventListener('visibilitychange', look)
    setInterval(look, tickMs)
  }

  /** Somebody is there. */
  touch(): void {
    if (!this.enabled.value || this.locked.value) return
    // A phone that slept wakes by a touch: the rest before it counts.
    if (this.#rested()) this.locked.value = true
    else this.#stamp()
  }

  /** Locks after a rest. */
  look(): void {
    if (this.enabled.value && this.#rested()) this.locked.value = true
  }

  /** Falls at once, and stays so however the app is closed and opened. */
  lockNow(): void {
    if (!this.enabled.value) return
    this.#active = 0
    this.#preferences.set(activeName, '0')
    this.locked.value = true
  }

  /** Milliseconds until a PIN may be tried. */
  wait(): number {
    return waitOf(this.#kept()?.tries ?? noTries, this.#clock())
  }

  /** Tries a PIN, for unlocking or for changing the lock. */
  async try(pin: string): Promise<Unlocking> {
    const kept = this.#kept()
    if (!kept) return 'open'
    if (this.wait() > 0) return 'waiting'
    // Counted before it is looked at: to reload in between gains nothing.
    this.#keep({ ...kept, tries: { wrong: kept.tries.wrong + 1, at: this.#clock() } })
    if (!(await matches(pin, kept.pin))) return 'wrong'
    this.#keep({ ...kept, tries: noTries })
    this.#stamp()
    this.locked.value = false
    return 'open'
  }

  /** Sets a PIN, the first or a new one. */
  async set(pin: string): Promise<void> {
    this.#keep({
      pin: await recordOf(pin, this.#rounds),
      minutes: this.minutes.value,
      tries: noTries,
    })
    this.#stamp()
    this.enabled.value = true
  }

  /** Chooses after how long a rest it locks. */
  rest(minutes: number): void {
    this.minutes.value = minutes
    const kept = this.#kept()
    if (kept) this.#keep({ ...kept, minutes })
  }

  remove(): void {
    this.#preferences.set(name, '')
    this.enabled.value = false
    this.locked.value = false
  }

  #rested(): boolean {
    const rest = this.#clock() - this.#active
    // A clock that was set back counts as a rest.
    return rest < 0 || rest >= this.minutes.value * 60_000
  }

  #stamp(): void {
    this.#active = this.#clock()
    this.#preferences.set(activeName, String(this.#active))
  }

  #kept(): Kept | null {
    const text = this.#preferences.get(name)
    return text ? (JSON.parse(text) as Kept) : null
  }

  #keep(kept: Kept): void {
    this.#preferences.set(name, JSON.stringify(kept))
  }
}

/** The lock of this browser. */
export function browserLock(preferences: Preferences): AppLock {
  return new AppLock({ preferences, clock: () => new Date().getTime(), rounds: roundsNow })
}

export const lockKey: InjectionKey<AppLock> = Symbol('lock')

/** The lock of the app. */
export function useLock(): AppLock {
  const lock = inject(lockKey)
  if (!lock) throw new Error('no lock above this component')
  return lock
}
