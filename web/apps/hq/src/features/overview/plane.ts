/** Where units are on a flat drawing: longitudes shrink with the latitude, north is up. */
import type { UnitSpot } from '../../api/types'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Spot extends Point {
  readonly unit: UnitSpot
}

/** A county's outline and where its name stands. */
export interface County {
  readonly name: string
  readonly outline: readonly Point[]
  readonly middle: Point
}

export interface Plane {
  readonly spots: readonly Spot[]
  readonly counties: readonly County[]
  /** Of what is drawn: its height where its width is 1. */
  readonly height: number
  /** How many units have no coordinates. */
  readonly nowhere: number
}

/** What is seen of the plane: `scale` pixels for one unit of length, moved by `x` and `y` pixels. */
export interface View extends Point {
  readonly scale: number
}

const empty: Plane = { spots: [], counties: [], height: 1, nowhere: 0 }

/** Lays units out in a box that is 1 wide. */
export function planeOf(units: readonly UnitSpot[]): Plane {
  const placed = units.flatMap((unit) => {
    const { latitude_e7: latitude, longitude_e7: longitude } = unit
    return latitude === undefined || longitude === undefined ? [] : [{ unit, latitude, longitude }]
  })
  if (!placed.length) return { ...empty, nowhere: units.length }
  const [south, north] = rangeOf(placed.map((p) => p.latitude))
  const [west, east] = rangeOf(placed.map((p) => p.longitude))
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180e7)
  const width = Math.max((east - west) * shrink, 1)
  const spots = placed.map(({ unit, latitude, longitude }) => ({
    unit,
    x: ((longitude - west) * shrink) / width,
    y: (north - latitude) / width,
  }))
  return {
    spots,
    counties: countiesOf(spots),
    height: Math.max((north - south) / width, 0.2),
    nowhere: units.length - placed.length,
  }
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return [least, most]
}

function countiesOf(spots: readonly Spot[]): readonly County[] {
  const groups = new Map<string, Spot[]>()
  for (const spot of spots) {
    const name = spot.unit.county
    if (name) groups.set(name, [...(groups.get(name) ?? []), spot])
  }
  return [...groups].map(([name, members]) => ({
    name,
    outline: hullOf(members),
    middle: {
      x: members.reduce((sum, s) => sum + s.x, 0) / members.length,
      y: members.reduce((sum, s) => sum + s.y, 0) / members.length,
    },
  }))
}

/** The convex outline of points (monotone chain). */
export function hullOf(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y)
  if (sorted.length < 3) return sorted
  const half = (list: readonly Point[]): Point[] => {
    const chain: Point[] = []
    for (const p of list) {
      while (chain.length > 1 && !turnsLeft(chain.at(-2), chain.at(-1), p)) chain.pop()
      chain.push(p)
    }
    return chain.slice(0, -1)
  }
  return [...half(sorted), ...half([...sorted].reverse())]
}

function turnsLeft(a: Point | undefined, b: Point | undefined, c: Point): boolean {
  if (!a || !b) return true
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0
}

const margin = 18

/** The view that shows all of a plane. */
export function wholeView(plane: Plane, width: number, height: number): View {
  const scale = Math.max(1, Math.min(width - 2 * margin, (height - 2 * margin) / plane.height))
  return { scale, x: (width - scale) / 2, y: (height - scale * plane.height) / 2 }
}

export function onScreen(view: View, { x, y }: Point): Point {
  return { x: view.x + x * view.scale, y: view.y + y * view.scale }
}

export const scaleMax = 60_000

/** The view after zooming at a place that stays where it is. */
export function zoomed(view: View, by: number, at: Point): View {
  const scale = Math.min(Math.max(view.scale * by, 100), scaleMax)
  const factor = scale / view.scale
  return { scale, x: at.x - (at.x - view.x) * factor, y: at.y - (at.y - view.y) * factor }
}

/** The spot nearest to a place on the screen, if one is near. */
export function spotAt(plane: Plane, view: View, at: Point, reach: number): Spot | undefined {
  let best: Spot | undefined
  let least = reach * reach
  for (const spot of plane.spots) {
    const p = onScreen(view, spot)
    const distance = (p.x - at.x) ** 2 + (p.y - at.y) ** 2
    if (distance < least) [best, least] = [spot, distance]
  }
  return best
}
