/** Two places on a small drawing to scale. Metres east and north on the sphere, near enough. */

export interface Place {
  /** WGS 84 degrees times ten million. */
  readonly latitude: number
  readonly longitude: number
}

interface Point {
  readonly x: number
  readonly y: number
}

export interface Drawing {
  readonly recorded: Point
  readonly unit: Point | undefined
  readonly radius: number
  readonly metres: number | undefined
  /** So far that somebody should ask why. */
  readonly far: boolean
  readonly bar: { readonly length: number; readonly metres: number }
}

const box = { width: 240, height: 110, margin: 26 }
const metresPerDegree = 111_320
const farMetres = 2_000

export function layOut(recorded: Place, unit: Place | undefined, accuracy: number): Drawing {
  const shrink = Math.cos((recorded.latitude * Math.PI) / 180e7)
  const east = unit ? ((unit.longitude - recorded.longitude) / 1e7) * metresPerDegree * shrink : 0
  const north = unit ? ((unit.latitude - recorded.latitude) / 1e7) * metresPerDegree : 0
  const reach = Math.max(Math.abs(east) / 2, Math.abs(north), accuracy, 40)
  const scale = (box.height - 2 * box.margin) / (unit ? reach : 2 * reach)
  const middle = { x: box.width / 2, y: box.height / 2 }
  const shift = { x: (east * scale) / 2, y: (north * scale) / 2 }
  const metres = unit ? Math.hypot(east, north) : undefined
  return {
    recorded: { x: middle.x - shift.x, y: middle.y + shift.y },
    unit: unit ? { x: middle.x + shift.x, y: middle.y - shift.y } : undefined,
    radius: Math.min(accuracy * scale, 100),
    metres,
    far: metres !== undefined && metres - accuracy > farMetres,
    bar: barOf(scale),
  }
}

/** A round length that is about a quarter of the drawing. */
function barOf(scale: number): Drawing['bar'] {
  const wanted = 60 / scale
  const power = 10 ** Math.floor(Math.log10(wanted))
  const metres = [5, 2, 1].map((n) => n * power).find((m) => m <= wanted) ?? power
  return { length: metres * scale, metres }
}

/** `850 米`, `3.2 公里`. */
export function distanceWords(
  metres: number,
  t: (key: string, values: Record<string, unknown>) => string,
): string {
  if (metres < 1000) return t('review.place.metres', { n: Math.round(metres) })
  const kilometres = metres / 1000
  return t('review.place.kilometres', {
    n: kilometres < 10 ? kilometres.toFixed(1) : Math.round(kilometres),
  })
}
