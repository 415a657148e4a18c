/** What a person fills in to plan a draw. */
import { modes } from '@sansuiji/draw'

import type { Settings, SitesSettings } from '../../api/types'

export const rules = ['webster', 'neyman', 'rounding', 'ratio', 'fixed'] as const
export type Rule = (typeof rules)[number]
export const weights = ['units', 'size', 'given'] as const
export type Weight = (typeof weights)[number]
export const designs = ['srs', 'pareto'] as const
export const stratifications = ['county', 'category', 'county-category'] as const
export const sizes = ['one', 'members'] as const
/** What a ceremony draws: units, or, with keys that it gives, people at units. */
export const kinds = ['units', 'sites'] as const
export type Kind = (typeof kinds)[number]
export type Mode = NonNullable<SitesSettings['modes']>[number]

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

/** Inspectors of one role who are put into teams. */
export interface MemberForm {
  role: string
  /** Ids of inspectors, as plans have them. */
  people: string[]
  /** Places by the team's id. */
  quota: Record<string, number>
  /** Pairs as `pairOf` writes them. */
  barred: string[]
}

export interface RoutesForm {
  on: boolean
  depotX: number
  depotY: number
  detour: number
  budget: number
  moves: number
}

/** What fits into a day of a team. */
export interface DaysForm {
  on: boolean
  /** Kilometres an hour. */
  speed: number
  visitMinutes: number
  dayMinutes: number
}

/** The form as it stands on the screen; settings are made of it. */
export interface PlanForm {
  kind: Kind
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
  /** Codes of units that are in without a draw, one to a line. */
  certain: string
  exclusions: ExclusionForm[]
  /** By the team's id in the plan. */
  teams: Record<string, TeamForm>
  /** Pairs as `pairOf` writes them. */
  barred: string[]
  members: MemberForm[]
  routes: RoutesForm
  days: DaysForm
  /** A team learns of a stop when the one before is over. */
  stops: boolean
  /** People to be asked at each site. */
  ask: number
  modes: Mode[]
  sides: number
  people: string[]
  throws: number
  gapMinutes: number
  sealed: boolean
}

/** Strata that a team takes at most until somebody says otherwise. */
export const capUsual = 3

/** Purposes until somebody says otherwise. */
const purposes: Readonly<Record<Kind, string>> = { units: 'branch', sites: 'interview' }

/** Ways in which a site's key may be opened, the strongest first. */
export const allModes = modes as readonly Mode[]

export function newForm(): PlanForm {
  return {
    kind: 'units',
    purpose: purposes.units,
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
    certain: '',
    exclusions: [],
    teams: {},
    barred: [],
    members: [],
    routes: { on: true, depotX: 0, depotY: 0, detour: 1300, budget: 115, moves: 1250 },
    days: { on: false, speed: 40, visitMinutes: 120, dayMinutes: 540 },
    stops: false,
    ask: 10,
    modes: ['desk', 'envelope'],
    sides: 10,
    people: ['R1', 'R2', 'R3'],
    throws: 7,
    gapMinutes: 60,
    sealed: false,
  }
}

/** The form for another kind; a purpose that was typed in stays. */
export function ofKind(form: PlanForm, kind: Kind): PlanForm {
  const purpose = form.purpose.trim() === purposes[form.kind] ? purposes[kind] : form.purpose
  return { ...form, kind, purpose }
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
