/** Puts the places of a route into a picture. */
import type { Certificate } from '@sansuiji/draw'

import type { DrawDetail } from '../../api/types'

/** Metres east and north, or units of the picture right and down. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Stop extends Point {
  readonly id: string
  readonly name: string
}

/** A team's route, with its places. */
export interface TeamRoute {
  readonly team: string
  readonly lengthM: number
  readonly budgetM: number
  readonly bestM: number
  readonly depot: Point
  readonly stops: readonly Stop[]
  /** How many stops each day has; none if the plan puts them into no days. */
  readonly days: readonly number[]
}

/** The routes that have stops. */
export function routesOf(
  { units }: DrawDetail,
  { plan, routes }: Certificate,
): readonly TeamRoute[] {
  const places = new Map((units ?? []).map((unit) => [unit.id, unit]))
  const depot = { x: plan.routes?.depot_x_m ?? 0, y: plan.routes?.depot_y_m ?? 0 }
  return routes
    .filter(({ tour }) => tour.length > 0)
    .map((route) => ({
      team: route.team,
      lengthM: route.length_m,
      budgetM: route.budget_m,
      bestM: route.best_m,
      days: route.days,
      depot,
      stops: route.tour.map((id) => {
        const unit = places.get(id)
        return { id, name: unit?.name ?? id, x: unit?.x_m ?? 0, y: unit?.y_m ?? 0 }
      }),
    }))
}

/** A day of a route. */
export interface Day {
  /** From 1. */
  readonly number: number
  /** The number of its first stop in the route, from 1. */
  readonly first: number
  readonly stops: readonly Stop[]
}

type InDays = Pick<TeamRoute, 'stops' | 'days'>

/** A route's days; all of it is one where there are none. */
export function daysOf({ stops, days }: InDays): readonly Day[] {
  let first = 0
  return (days.length > 0 ? days : [stops.length]).map((count, i) => {
    const day = { number: i + 1, first: first + 1, stops: stops.slice(first, first + count) }
    first += count
    return day
  })
}

/** The numbers of stops after which it is night, with the day that ends there. */
export function nightsOf(route: InDays): ReadonlyMap<number, number> {
  const days = daysOf(route).slice(0, -1)
  return new Map(days.map(({ number, first, stops }) => [first + stops.length - 1, number]))
}

export const picture = { width: 360, height: 250, margin: 20 } as const

/** A stop with where its number stands: beside it where there are others. */
export interface Numbered extends Stop {
  readonly number: number
  readonly label: Point
  /** The day that ends there; 0 if none does. */
  readonly night: number
}

/** From a place to the next. */
export interface Way {
  readonly from: Point
  readonly to: Point
  /** It is driven in the morning after. */
  readonly night: boolean
}

export interface Drawing {
  readonly depot: Point
  readonly stops: readonly Numbered[]
  /** From the depot around to it. */
  readonly ways: readonly Way[]
  readonly scale: { readonly metres: number; readonly length: number }
}

/** North is up; the picture is filled without distortion. */
export function drawingOf(route: InDays & Pick<TeamRoute, 'depot'>): Drawing {
  const { depot, stops } = route
  const nights = nightsOf(route)
  const { place, perMetre } = projection([depot, ...stops])
  const start = place(depot)
  const places = stops.map(place)
  const labels = apart(start, places)
  const placed = stops.map((stop, i) => {
    const at = places[i] ?? start
    return { ...stop, ...at, number: i + 1, label: labels[i] ?? at, night: nights.get(i + 1) ?? 0 }
  })
  const metres = roundLength(picture.width / 5 / perMetre)
  return {
    depot: start,
    stops: placed,
    ways: waysOf(start, placed),
    scale: { metres, length: round(metres * perMetre) },
  }
}

function waysOf(depot: Point, stops: readonly Numbered[]): readonly Way[] {
  return [...stops, depot].map((to, i) => {
    const before = stops[i - 1]
    return { from: before ?? depot, to, night: (before?.night ?? 0) > 0 }
  })
}

/** Numbers stand so far from each other, and from the depot, at least. */
const numberRoom = 20
const roundsMax = 80

/** Pushes numbers apart that would lie on each other, always the same way. */
function apart(depot: Point, places: readonly Point[]): readonly Point[] {
  const moved = places.map(({ x, y }) => ({ x, y }))
  for (let rounds = 0; rounds < roundsMax; rounds++) {
    for (const [i, one] of moved.entries()) {
      push(one, depot, { share: 1, turn: i })
      for (const other of moved.slice(i + 1)) {
        push(one, other, { share: 0.5, turn: i })
        push(other, one, { share: 1, turn: i + 1 })
      }
    }
  }
  return moved.map(({ x, y }) => ({ x: round(x), y: round(y) }))
}

interface Movable {
  x: number
  y: number
}

/** Moves a point away from another by a share of what they are too near. */
function push(
  one: Movable,
  from: Point,
  { share, turn }: { readonly share: number; readonly turn: number },
): void {
  const [dx, dy] = [one.x - from.x, one.y - from.y]
  const distance = Math.hypot(dx, dy)
  if (distance >= numberRoom) return
  const angle = distance === 0 ? turn : Math.atan2(dy, dx)
  const way = (numberRoom - distance) * share
  one.x = within(one.x + Math.cos(angle) * way, picture.width)
  one.y = within(one.y + Math.sin(angle) * way, picture.height - 14)
}

function within(value: number, size: number): number {
  return Math.min(Math.max(value, 10), size - 10)
}

function projection(points: readonly Point[]): {
  readonly place: (point: Point) => Point
  readonly perMetre: number
} {
  const { width, height, margin } = picture
  const [west, east] = spread(points.map(({ x }) => x))
  const [south, north] = spread(points.map(({ y }) => y))
  const perMetre = Math.min(
    (width - 2 * margin) / Math.max(east - west, 1),
    (height - 2 * margin - 12) / Math.max(north - south, 1),
  )
  const place = ({ x, y }: Point): Point => ({
    x: round(width / 2 + (x - (west + east) / 2) * perMetre),
    y: round((height - 12) / 2 - (y - (south + north) / 2) * perMetre),
  })
  return { place, perMetre }
}

function spread(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)]
}

function round(n: number): number {
  return Math.round(n * 10) / 10
}

/** The largest of 1, 2 and 5 times a power of ten that is no longer. */
export function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres))
  return ([5, 2].find((times) => times * power <= metres) ?? 1) * power
}

/** Metres as kilometres, to a tenth. */
export function kilometres(metres: number): string {
  return (metres / 1000).toFixed(1)
}
