/** When a new version of the app takes over without being asked. */

/** How an app stands that has found a new version. */
export interface Standing {
  /** Since the page was loaded. Milliseconds. */
  readonly age: number
  /** Somebody has touched the screen since. */
  readonly touched: boolean
  /** Entries and attachments that only this phone has. */
  readonly unsent: number
}

/** A page that was loaded just now may be loaded again unnoticed. Milliseconds. */
const freshMs = 5_000

/**
 * Nothing is lost by an update, whatever waits; but whoever has something that only this
 * phone has decides about it, and nobody is interrupted.
 */
export function mayUpdateUnasked({ age, touched, unsent }: Standing): boolean {
  return unsent === 0 && !touched && age < freshMs
}
