/**
 * A plain map: places on a square of grid lines, north up, as a plane around their
 * middle. Good for a county; nobody measures on it.
 */
import type { Spot } from '@sansuiji/local'

/** Where something is drawn, in units of the square's view box. */
export interface Dot {
  readonly x: number
  readonly y: number
}

/** A map of some places. */
export interface Plan {
  /** Where a place is drawn; it may be outside the square. */
  readonly dot: (spot: Spot) => Dot
  /** Grid lines by their x, and by their y. */
  readonly columns: readonly number[]
  readonly rows: readonly number[]
  /** From one grid line to the next: metres, and units of the view box. */
  readonly stepM: number
  readonly step: number
}

/** Side of the square, and the room around the places. Units of the view box. */
export const side = 360
const margin = 36

/** Places closer together than this are drawn as if they were so far apart. Metres. */
const spanMinM = 1_000

/** A degree of a great circle. Metres. */
const degreeM = 111_195

/** Lines across the square, about. */
const linesWanted = 4

/** Lays out a map that shows all of some places, one at least. */
export function planOf(spots: readonly Spot[]): Plan {
  const latitudes = spots.map(({ latitudeE7 }) => latitudeE7 / 1e7)
  const longitudes = spots.map(({ longitudeE7 }) => longitudeE7 / 1e7)
  const middle = { latitude: middleOf(latitudes), longitude: middleOf(longitudes) }
  const narrow = Math.cos((middle.latitude * Math.PI) / 180)
  const spanM = Math.max(
    spanMinM,
    widthOf(latitudes) * degreeM,
    widthOf(longitudes) * degreeM * narrow,
  )
  const scale = (side - 2 * margin) / spanM
  const stepM = roundStep(side / scale / linesWanted)
  const lines = linesOf(stepM * scale)
  return {
    dot: ({ latitudeE7, longitudeE7 }) => ({
      x: side / 2 + (longitudeE7 / 1e7 - middle.longitude) * degreeM * narrow * scale,
      y: side / 2 - (latitudeE7 / 1e7 - middle.latitude) * degreeM * scale,
    }),
    columns: lines,
    rows: lines,
    stepM,
    step: stepM * scale,
  }
}

function middleOf(values: readonly number[]): number {
  return (Math.min(...values) + Math.max(...values)) / 2
}

function widthOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values)
}

/** The nearest of 1, 2, 5, 10, … below. Metres. */
function roundStep(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres))
  const factor = [5, 2, 1].find((one) => one * power <= metres) ?? 1
  return factor * power
}

/** Lines from the middle outwards. */
function linesOf(step: number): readonly number[] {
  const count = Math.floor(side / 2 / step)
  return Array.from({ length: 2 * count + 1 }, (_, i) => side / 2 + (i - count) * step)
}

/** Whether a dot is on the square. */
export function isOn({ x, y }: Dot): boolean {
  return x >= 0 && y >= 0 && x <= side && y <= side
}
