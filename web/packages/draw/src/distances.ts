/** How far it is between places. */
import { quotient } from './integers'

/** A place in the plane, in metres. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The lengths between places, in metres, row by row; the same both ways. */
export interface Distances {
  readonly places: number
  readonly metres: Int32Array
}

/**
 * The lengths between places: the straight line, rounded down, times the detour in
 * thousandths, rounded down again. Below 2^31, since no place is 10,000 km from the
 * origin and no detour above 5.
 */
export function distancesOf(points: readonly Point[], detourPermille: number): Distances {
  const places = points.length
  const metres = new Int32Array(places * places)
  for (const [i, a] of points.entries()) {
    for (const [k, b] of points.slice(0, i).entries()) {
      const [dx, dy] = [a.x - b.x, a.y - b.y]
      const length = quotient(squareRoot(dx * dx + dy * dy) * detourPermille, 1000)
      metres[i * places + k] = length
      metres[k * places + i] = length
    }
  }
  return { places, metres }
}

/** ⌊√n⌋; what the machine says is a first guess only. */
function squareRoot(n: number): number {
  let r = Math.floor(Math.sqrt(n))
  while (r * r > n) r--
  while ((r + 1) * (r + 1) <= n) r++
  return r
}

/** Places in the order in which they are driven to, the depot, 0, first. */
export type Tour = Int32Array<ArrayBuffer>

/** The length of a tour, from the depot and back to it. */
export function tourLength({ places, metres }: Distances, tour: Tour): number {
  let [length, here] = [0, tour.at(-1) ?? 0]
  for (const next of tour) {
    length += metres[here * places + next] ?? 0
    here = next
  }
  return length
}
