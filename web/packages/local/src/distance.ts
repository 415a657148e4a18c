/**
 * How far and in which direction places are from each other. Coordinates are WGS 84
 * degrees times ten million; distances are metres along a great circle of a sphere of
 * the Earth's mean radius (IUGG: 6,371,008.8 m), at most 0.6 % off the ellipsoid.
 */

/** A point on the Earth. */
export interface Spot {
  readonly latitudeE7: number
  readonly longitudeE7: number
}

/** The eight winds, clockwise from north. */
export type Wind = 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w' | 'nw'

const winds: readonly Wind[] = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw']
const earthRadiusM = 6_371_008.8
const radians = Math.PI / 180 / 1e7

/** Metres from one spot to another, by the haversine formula. */
export function distanceM(from: Spot, to: Spot): number {
  const latitude = (to.latitudeE7 - from.latitudeE7) * radians
  const longitude = (to.longitudeE7 - from.longitudeE7) * radians
  const h =
    Math.sin(latitude / 2) ** 2 +
    Math.cos(from.latitudeE7 * radians) *
      Math.cos(to.latitudeE7 * radians) *
      Math.sin(longitude / 2) ** 2
  return 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** The direction in which to set out, degrees clockwise from true north, 0 to 360. */
export function bearingDegrees(from: Spot, to: Spot): number {
  const [a, b] = [from.latitudeE7 * radians, to.latitudeE7 * radians]
  const longitude = (to.longitudeE7 - from.longitudeE7) * radians
  const east = Math.sin(longitude) * Math.cos(b)
  const north = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(longitude)
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360
}

/** The wind nearest to a direction in degrees. */
export function windOf(degrees: number): Wind {
  return winds[Math.round(degrees / 45) % 8] ?? 'n'
}

/** An arrival this far from the unit's place asks for a word. Metres. */
export const farM = 1_000

/** Whether somebody is surely farther away than that, whatever the fix is off. */
export function isFar(distance: number, accuracyM: number): boolean {
  return distance - accuracyM > farM
}
