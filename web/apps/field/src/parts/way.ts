/** How far and in which direction, in words. */
import { bearingDegrees, distanceM, windOf, type Spot } from '@sansuiji/local'

import type { Speech } from './language'

/** A way from one spot to another. */
export interface Way {
  readonly metres: number
  /** Clockwise from true north. */
  readonly degrees: number
}

/** Where a unit is; nothing when nobody knows. */
export function spotOf(of: {
  readonly latitudeE7: number | null
  readonly longitudeE7: number | null
}): Spot | null {
  const { latitudeE7, longitudeE7 } = of
  return latitudeE7 === null || longitudeE7 === null ? null : { latitudeE7, longitudeE7 }
}

/** The way between two spots. */
export function wayTo(from: Spot, to: Spot): Way {
  return { metres: distanceM(from, to), degrees: bearingDegrees(from, to) }
}

/** A distance as people say it: to ten metres below a kilometre, else to one decimal. */
export function sayDistance(t: Speech['t'], metres: number): string {
  if (metres < 995) return t('way.metres', { n: Math.round(metres / 10) * 10 })
  const kilometres = metres / 1000
  return t('way.kilometres', { n: kilometres.toFixed(kilometres < 99.5 ? 1 : 0) })
}

/** A direction as people say it. */
export function sayWind(t: Speech['t'], degrees: number): string {
  return t(`way.wind.${windOf(degrees)}`)
}
