/** What is fixed and published before chance has its say. */
import { hashOf, sum, tag, type Hash } from './bytes'
import {
  decode,
  hash,
  integer,
  list,
  object,
  optional,
  someText,
  text,
  type Form,
  type Of,
} from './form'
import { summaryForm } from './frame'
import { canonical } from './json'
import { checkPlan } from './planCheck'

/** The hash of a secret that somebody holds; see `commit`. */
export type Commitment = Of<typeof commitment>

const commitment = { role: text, commit: hash }

/** What dice are thrown, and by whom, in what order. */
export type PublicPlan = Of<typeof publicPlan>

const publicPlan = {
  /** dice */
  type: text,
  sides: integer,
  people: list(text),
  /** Of each of them. */
  throws: integer,
}

/** Allocation rules. */
export type Rule =
  /** Proportional to the weights, by Webster's method. */
  | 'webster'
  /** Weights with what units vary by, by Huntington and Hill's. */
  | 'neyman'
  /** Proportional, rounded by chance: a cell may get none. */
  | 'rounding'
  /** A share of each class, within it by Webster's method. */
  | 'ratio'
  /** As given. */
  | 'fixed'

/** Weights that an allocation goes by: the number of eligible units, their size, or as given. */
export type Weight = 'units' | 'size' | 'given'

/**
 * Designs: simple random sampling within strata, or probabilities proportional to
 * size by Rosén's Pareto sampling.
 */
export type Design = 'srs' | 'pareto'

/** How many units are drawn, and how. */
export type SamplePlan = Of<typeof samplePlan>

const samplePlan = {
  /** A `Design`. */
  design: text,
  /** A `Rule`. */
  rule: text,
  /** In all; 0 under ratio and fixed, where it follows. */
  n: integer,
  /** For each stratum, as far as it has units. */
  floor: integer,
  /** A `Weight`, of webster, neyman and rounding. */
  weight: someText,
  /** A number, or a weight, by stratum. */
  given: list(object({ stratum: text, value: integer })),
  /** Of ratio: the share of a class that is drawn, in millionths, and how many at least. */
  classes: list(object({ class: text, ratio_ppm: integer, min: integer })),
  /** Ids that are in without a draw, sorted. */
  certain: list(text),
  /**
   * A stratum with n drawn has ⌈n·ppm/10^6⌉ in reserve, but `reserve_min` at least, as
   * far as it has units.
   */
  reserve_ppm: integer,
  reserve_min: integer,
}

/** How many strata, or people of a role, a team takes at most. */
export type TeamRule = Of<typeof teamRule>

const teamRule = { id: text, cap: integer }

/** A pair that may not be: a team, and a stratum or a person. */
export type Barred = Of<typeof barred>

const barred = { team: text, what: text }

/** How the people of a role are put into teams. */
export type MemberRule = Of<typeof memberRule>

const memberRule = {
  role: text,
  /** Sorted. */
  people: list(text),
  /** Places by team, sorted. */
  quota: list(object(teamRule)),
  /** Of a person. */
  barred: list(object(barred)),
}

/** Which team goes to which stratum, and who is in it. */
export type TeamsPlan = Of<typeof teamsPlan>

const teamsPlan = {
  /** Sorted by id. */
  teams: list(object(teamRule)),
  /** Of a stratum. */
  barred: list(object(barred)),
  /** Sorted by role. */
  members: list(object(memberRule)),
}

/** How each team's order of visits is drawn. */
export type RoutesPlan = Of<typeof routesPlan>

/** What fits into a day. */
export type DaysPlan = Of<typeof daysPlan>

const daysPlan = {
  /** Driven. */
  metres_per_minute: integer,
  visit_minutes: integer,
  day_minutes: integer,
}

const routesPlan = {
  depot_x_m: integer,
  depot_y_m: integer,
  /** Roads against the straight line. */
  detour_permille: integer,
  /** Of the best tour with the same first stop. */
  budget_percent: integer,
  /** For each stop. */
  moves: integer,
  /** Left out where routes are not split into days. */
  days: optional(object(daysPlan)),
}

/** The tree of the keys that unlock the draws of people in the field. */
export type SitesPlan = Of<typeof sitesPlan>

const sitesPlan = {
  root: hash,
  n: integer,
  /** People to be asked at each site. */
  ask: integer,
  /** In which keys may be opened, sorted; see `modes`. */
  modes: list(text),
}

/** A ceremony before it. */
export type Plan = Of<typeof plan>

const plan = {
  spec: text,
  suite: text,
  campaign: text,
  /** Of the campaign's ceremonies, from 1, without gaps. */
  seq: integer,
  purpose: text,
  scope: text,
  /** Hash of certificate seq-1; zeros for the first. */
  previous: hash,
  frame: summaryForm,
  sample: optional(object(samplePlan)),
  teams: optional(object(teamsPlan)),
  routes: optional(object(routesPlan)),
  sites: optional(object(sitesPlan)),
  commitments: list(object(commitment)),
  public: object(publicPlan),
  /** From the publication to the dice, at least. */
  gap_s: integer,
}

/** The form of a plan. */
export const planForm: Form<Plan> = object(plan)

/** Reads a plan, which must be valid. */
export function parsePlan(bytes: Uint8Array): Plan {
  const read = decode(bytes, planForm)
  checkPlan(read)
  return read
}

/** What a plan is published by. */
export function planHash(plan: Plan): Hash {
  return hashOf(sum(tag('plan', canonical(plan))))
}

/** A plan's name, which commitments are made for. */
export function ceremonyOf(plan: Plan): string {
  return `${plan.campaign}/${plan.seq}`
}
