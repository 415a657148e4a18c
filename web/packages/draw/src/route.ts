/** The order in which a team drives. */
import type { TeamsDrawn } from './assign'
import { strataOfTeam } from './assign'
import { compareText, type Key } from './bytes'
import { distancesOf, tourLength, type Distances, type Tour } from './distances'
import { integer, list, text, type Of } from './form'
import { unitOf, type Frame } from './frame'
import { quotient } from './integers'
import type { DaysPlan, RoutesPlan, TeamRule } from './plan'
import { refusal } from './problem'
import type { Drawn } from './sample'
import type { Seed } from './seed'
import { Solver } from './tour'
import { Touring } from './touring'

/** The order in which a team drives, from the depot and back to it. */
export type Route = Of<typeof routeShape>

/** The members of a route. */
export const routeShape = {
  team: text,
  /** The length of the shortest tour that the solver finds, in metres. */
  best_m: integer,
  /** What the tour may have with the first stop that chance chose. */
  budget_m: integer,
  length_m: integer,
  /** Ids, the depot left out. */
  tour: list(text),
  /** How many stops each day has, where the plan splits days. */
  days: list(integer),
}

/**
 * Up to how many places there is one order, or two alike: they are driven as they were
 * drawn, without moves.
 */
export const fixedMin = 3

/** A tour that was drawn, and what it was held to. */
export interface DrawnTour {
  readonly tour: Tour
  readonly best: number
  readonly budget: number
}

/**
 * Draws a tour over all places, the depot first: the first stop uniformly, and of the
 * tours that keep the budget of that first stop, each as likely.
 */
export function drawRoute(
  d: Distances,
  plan: Pick<RoutesPlan, 'budget_percent' | 'moves'>,
  key: Key,
): DrawnTour {
  const touring = new Touring(d, key)
  const { tour } = touring
  if (d.places < 2) return { tour, best: 0, budget: 0 }
  const solver = new Solver(d, fixedMin)
  touring.drawFirst()
  const short = solver.from(tour[1] ?? 0)
  const best = tourLength(d, solver.tour)
  const budget = quotient(tourLength(d, short) * plan.budget_percent, 100)
  touring.shuffle()
  if (d.places <= fixedMin) return { tour, best, budget: Math.max(budget, touring.length) }
  touring.shorten(budget, short)
  for (let moves = plan.moves * (d.places - 1); moves > 0; moves--) touring.step(budget)
  return { tour, best, budget }
}

/** How many stops a route may have. */
const stopsMax = 400

/** What routes are drawn over: the units that each team visits. */
export interface Visits {
  readonly teams: TeamsDrawn
  readonly rules: readonly TeamRule[]
  readonly drawn: readonly Drawn[]
  readonly frame: Frame
}

/** Draws the routes of all teams. */
export function drawRoutes(
  plan: RoutesPlan,
  { teams, rules, drawn, frame }: Visits,
  scope: string,
  seed: Seed,
): readonly Route[] {
  return rules.map(({ id: team }) => {
    const strata = new Set(strataOfTeam(teams, team))
    const visited = drawn.filter(({ stratum, reserve }) => reserve === 0 && strata.has(stratum))
    const ids = visited.map(({ id }) => id)
    if (ids.length > stopsMax) {
      throw refusal('route-stops', team, String(ids.length), String(stopsMax))
    }
    const stops = { team, ids: ids.sort(compareText), frame }
    return routeOf(plan, stops, seed.key('route', `${scope}/${team}`))
  })
}

interface Stops {
  readonly team: string
  readonly ids: readonly string[]
  readonly frame: Frame
}

function routeOf(plan: RoutesPlan, { team, ids, frame }: Stops, key: Key): Route {
  const depot = { x: plan.depot_x_m, y: plan.depot_y_m }
  const d = distancesOf([depot, ...ids.map((id) => placeOf(frame, id))], plan.detour_permille)
  const { tour, best, budget } = drawRoute(d, plan, key)
  return {
    team,
    best_m: best,
    budget_m: budget,
    length_m: tourLength(d, tour),
    tour: Array.from(tour.subarray(1), (i) => ids[i - 1] ?? ''),
    days: plan.days ? splitDays(plan.days, d, tour) : [],
  }
}

/**
 * Puts stops into a day until the next does not fit any more. The way to a stop belongs to
 * its day; a team stays overnight where the day ended.
 */
function splitDays(plan: DaysPlan, { places, metres }: Distances, tour: Tour): readonly number[] {
  const days: number[] = []
  let minutes = 0
  for (const [i, stop] of tour.subarray(1).entries()) {
    const way = metres[(tour[i] ?? 0) * places + stop] ?? 0
    const driven = quotient(way + plan.metres_per_minute - 1, plan.metres_per_minute)
    const needs = driven + plan.visit_minutes
    if (days.length === 0 || minutes + needs > plan.day_minutes) {
      days.push(0)
      minutes = 0
    }
    days[days.length - 1] = (days.at(-1) ?? 0) + 1
    minutes += needs
  }
  return days
}

function placeOf(frame: Frame, id: string): { readonly x: number; readonly y: number } {
  const unit = unitOf(frame, id)
  if (unit === undefined) throw new Error(`draw routes: no unit ${id} in the frame`)
  return unit
}
