/** What a person fills in to plan a draw, and the settings that come of it. */
import type { Exclusion, SamplePlan, Settings, Stratum } from '../../api/types'

export const rules = ['webster', 'neyman', 'rounding', 'ratio', 'fixed'] as const
export type Rule = (typeof rules)[number]
export const weights = ['units', 'size', 'given'] as const
export type Weight = (typeof weights)[number]
export const designs = ['srs', 'pareto'] as const
export const stratifications = ['county', 'category', 'county-category'] as const
export const sizes = ['one', 'members'] as const

export interface ExclusionForm {
  /** Codes of units, parted by spaces, commas or lines. */
  units: string
  code: string
  evidence: string
  approver: string
}

export interface TeamForm {
  in: boolean
  /** Strata at most. */
  cap: number
}

export interface ClassForm {
  percent: number
  min: number
}

export interface RoutesForm {
  on: boolean
  depotX: number
  depotY: number
  detour: number
  budget: number
  moves: number
}

/** The form as it stands on the screen; settings are made of it. */
export interface PlanForm {
  purpose: string
  scope: string
  categories: string[]
  counties: string[]
  stratify: Settings['stratify']
  size: Settings['size']
  design: (typeof designs)[number]
  rule: Rule
  weight: Weight
  n: number
  floor: number
  reservePercent: number
  reserveMin: number
  /** By stratum. */
  given: Record<string, number>
  /** By category. */
  classes: Record<string, ClassForm>
  exclusions: ExclusionForm[]
  /** By the team's id in the plan. */
  teams: Record<string, TeamForm>
  /** Pairs as `pairOf` writes them. */
  barred: string[]
  routes: RoutesForm
  sides: number
  people: string[]
  throws: number
  gapMinutes: number
  sealed: boolean
}

/** Strata that a team takes at most until somebody says otherwise. */
export const capUsual = 3

export function newForm(): PlanForm {
  return {
    purpose: 'branch',
    scope: 'city',
    categories: [],
    counties: [],
    stratify: 'county',
    size: 'one',
    design: 'srs',
    rule: 'webster',
    weight: 'units',
    n: 40,
    floor: 1,
    reservePercent: 20,
    reserveMin: 1,
    given: {},
    classes: {},
    exclusions: [],
    teams: {},
    barred: [],
    routes: { on: true, depotX: 0, depotY: 0, detour: 1300, budget: 115, moves: 1250 },
    sides: 10,
    people: ['R1', 'R2', 'R3'],
    throws: 7,
    gapMinutes: 60,
    sealed: false,
  }
}

export function newExclusion(): ExclusionForm {
  return { units: '', code: '', evidence: '', approver: '' }
}

/** A team's id in plans. */
export function teamIdOf(number: number): string {
  return `T${number}`
}

export function pairOf(team: string, stratum: string): string {
  return `${team} ${stratum}`
}

/** Codes as people write them: parted by whatever is no part of a code. */
export function codesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;，、；]+/).filter((code) => code !== ''))]
}

/** Whether something was begun and not filled in to the end. */
export function isHalf({ units, code, evidence, approver }: ExclusionForm): boolean {
  const filled = [units, code, evidence, approver].filter((text) => text.trim() !== '').length
  return filled > 0 && filled < 4
}

/** Whether a rule gives each stratum a number, or a weight, of its own. */
export function takesGiven({ rule, weight }: Pick<PlanForm, 'rule' | 'weight'>): boolean {
  return rule === 'fixed' || (takesTotal(rule) && weight === 'given')
}

/** Whether a rule divides a total, by weights. */
export function takesTotal(rule: Rule): boolean {
  return rule === 'webster' || rule === 'neyman' || rule === 'rounding'
}

/** Whether a rule knows a number that each stratum has at least. */
export function takesFloor(rule: Rule): boolean {
  return rule === 'webster' || rule === 'neyman'
}

/** The form's settings. `strata` are those of its frame; ids come out sorted as plans want them. */
export function settingsOf(form: PlanForm, strata: readonly Stratum[]): Settings {
  const caps = capsOf(form)
  const { routes } = form
  return {
    ...frameSettingsOf(form),
    sample: sampleOf(form, strata),
    ...(caps.length > 0 ? { caps, barred: barredOf(form, strata) } : {}),
    ...(routes.on && caps.length > 0 ? { routes: routesOf(routes) } : {}),
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

/** The part of settings that a frame follows from. */
export type FrameSettings = Pick<
  Settings,
  'purpose' | 'scope' | 'stratify' | 'size' | 'categories' | 'counties' | 'exclusions'
>

export function frameSettingsOf(form: PlanForm): FrameSettings {
  return {
    purpose: form.purpose.trim(),
    scope: form.scope.trim(),
    stratify: form.stratify,
    size: form.size,
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
  return {
    design,
    rule,
    n: takesTotal(rule) ? whole(form.n) : 0,
    floor: takesFloor(rule) ? whole(form.floor) : 0,
    ...(takesTotal(rule) ? { weight } : {}),
    ...(takesGiven(form) ? { given: givenOf(form, strata) } : {}),
    ...(rule === 'ratio' ? { classes: classesOf(form) } : {}),
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

function capsOf({ teams }: PlanForm): NonNullable<Settings['caps']> {
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

function routesOf({ depotX, depotY, detour, budget, moves }: RoutesForm): Settings['routes'] {
  return {
    depot_x_m: whole(depotX),
    depot_y_m: whole(depotY),
    detour_permille: whole(detour),
    budget_percent: whole(budget),
    moves: whole(moves),
  }
}

/** An emptied number field counts as 0; the server says whether that will do. */
function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

function whole(value: unknown): number {
  return Math.round(number(value))
}
