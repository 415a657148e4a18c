/** The settings that come of what a person filled in. */
import type {
  DaysPlan,
  Exclusion,
  MemberRule,
  RoutesPlan,
  SamplePlan,
  Settings,
  SitesSettings,
  Stratum,
  TeamRule,
} from '../../api/types'
import {
  allModes,
  codesOf,
  isHalf,
  pairOf,
  takesFloor,
  takesGiven,
  takesTotal,
  type DaysForm,
  type ExclusionForm,
  type PlanForm,
} from './form'

/** The form's settings. `strata` are those of its frame; ids come out sorted as plans want them. */
export function settingsOf(form: PlanForm, strata: readonly Stratum[]): Settings {
  return {
    ...frameSettingsOf(form),
    ...(form.kind === 'sites' ? { sites: sitesOf(form) } : drawnOf(form, strata)),
    public: {
      type: 'dice',
      sides: whole(form.sides),
      people: form.people.map((who) => who.trim()).filter((who) => who !== ''),
      throws: whole(form.throws),
    },
    gap_s: Math.round(number(form.gapMinutes) * 60),
    sealed: form.sealed,
  }
}

function sitesOf({ ask, modes }: PlanForm): SitesSettings {
  return { ask: whole(ask), modes: allModes.filter((mode) => modes.includes(mode)).sort() }
}

/** The sample, and the teams and routes that follow from it. */
function drawnOf(form: PlanForm, strata: readonly Stratum[]): Partial<Settings> {
  const sample = sampleOf(form, strata)
  const caps = capsOf(form)
  if (caps.length === 0) return { sample }
  const members = membersOf(form, caps)
  return {
    sample,
    caps,
    barred: barredOf(form, strata),
    ...(members.length > 0 ? { members } : {}),
    ...(form.routes.on ? { routes: routesOf(form) } : {}),
    ...(form.routes.on && form.stops ? { stops: true } : {}),
  }
}

/** The part of settings that a frame follows from. */
export type FrameSettings = Pick<
  Settings,
  'purpose' | 'scope' | 'stratify' | 'size' | 'categories' | 'counties' | 'exclusions'
>

export function frameSettingsOf(form: PlanForm): FrameSettings {
  return {
    purpose: form.purpose.trim(),
    scope: form.scope.trim(),
    stratify: form.kind === 'sites' ? 'county' : form.stratify,
    size: form.kind === 'sites' ? 'one' : form.size,
    categories: [...form.categories],
    counties: [...form.counties],
    exclusions: form.exclusions.filter((one) => one.units.trim() && !isHalf(one)).map(exclusionOf),
  }
}

/** Settings that any frame can be drawn by, to see what strata it has. */
export function probeOf(frame: FrameSettings): Settings {
  return {
    ...frame,
    purpose: 'probe',
    scope: 'probe',
    size: 'one',
    sample: {
      design: 'srs',
      rule: 'webster',
      weight: 'units',
      n: 1,
      floor: 0,
      reserve_ppm: 0,
      reserve_min: 0,
    },
    public: { type: 'dice', sides: 10, people: ['R1', 'R2', 'R3'], throws: 7 },
    gap_s: 0,
    sealed: false,
  }
}

function exclusionOf({ units, code, evidence, approver }: ExclusionForm): Exclusion {
  return {
    units: codesOf(units),
    code: code.trim(),
    evidence: evidence.trim(),
    approver: approver.trim(),
  }
}

function sampleOf(form: PlanForm, strata: readonly Stratum[]): SamplePlan {
  const { rule, design, weight } = form
  const certain = codesOf(form.certain).sort()
  return {
    design,
    rule,
    n: takesTotal(rule) ? whole(form.n) : 0,
    floor: takesFloor(rule) ? whole(form.floor) : 0,
    ...(takesTotal(rule) ? { weight } : {}),
    ...(takesGiven(form) ? { given: givenOf(form, strata) } : {}),
    ...(rule === 'ratio' ? { classes: classesOf(form) } : {}),
    ...(certain.length > 0 ? { certain } : {}),
    reserve_ppm: Math.round(number(form.reservePercent) * 10_000),
    reserve_min: whole(form.reserveMin),
  }
}

/** Exactly the strata that have units to draw. */
function givenOf({ given }: PlanForm, strata: readonly Stratum[]): SamplePlan['given'] {
  const ids = strata.filter(({ units }) => units > 0).map(({ id }) => id)
  return ids.sort().map((stratum) => ({ stratum, value: whole(given[stratum] ?? 0) }))
}

function classesOf({ classes }: PlanForm): SamplePlan['classes'] {
  return Object.entries(classes)
    .filter(([, { percent }]) => number(percent) > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { percent, min }]) => ({
      class: name,
      ratio_ppm: Math.round(number(percent) * 10_000),
      min: whole(min),
    }))
}

function capsOf({ teams }: PlanForm): TeamRule[] {
  return Object.entries(teams)
    .filter(([, team]) => team.in)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { cap }]) => ({ id, cap: whole(cap) }))
}

/** Recusals of teams that take part in strata that there are. */
function barredOf({ teams, barred }: PlanForm, strata: readonly Stratum[]): Settings['barred'] {
  return Object.keys(teams)
    .filter((team) => teams[team]?.in)
    .flatMap((team) =>
      strata
        .filter(({ id, units }) => units > 0 && barred.includes(pairOf(team, id)))
        .map(({ id }) => ({ team, what: id })),
    )
}

/** Roles that have people, with a quota of each team that takes part. */
function membersOf(form: PlanForm, caps: readonly TeamRule[]): MemberRule[] {
  return form.members
    .filter(({ people }) => people.length > 0)
    .map(({ role, people, quota, barred }) => {
      const pairs = caps.flatMap(({ id }) =>
        people
          .filter((person) => barred.includes(pairOf(id, person)))
          .map((person) => ({ team: id, what: person })),
      )
      return {
        role: role.trim(),
        people: [...people].sort(),
        quota: caps.map(({ id }) => ({ id, cap: whole(quota[id]) })),
        ...(pairs.length > 0 ? { barred: pairs } : {}),
      }
    })
    .sort((a, b) => (a.role < b.role ? -1 : 1))
}

function routesOf({ routes, days }: PlanForm): RoutesPlan {
  return {
    depot_x_m: whole(routes.depotX),
    depot_y_m: whole(routes.depotY),
    detour_permille: whole(routes.detour),
    budget_percent: whole(routes.budget),
    moves: whole(routes.moves),
    ...(days.on ? { days: daysOf(days) } : {}),
  }
}

function daysOf({ speed, visitMinutes, dayMinutes }: DaysForm): DaysPlan {
  return {
    metres_per_minute: metresPerMinute(speed),
    visit_minutes: whole(visitMinutes),
    day_minutes: whole(dayMinutes),
  }
}

/** A speed as plans have it; people know kilometres an hour. */
export function metresPerMinute(kilometresAnHour: unknown): number {
  return whole((number(kilometresAnHour) * 1000) / 60)
}

/** An emptied number field counts as 0; the server says whether that will do. */
function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

function whole(value: unknown): number {
  return Math.round(number(value))
}
