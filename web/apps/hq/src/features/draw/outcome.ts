/** A ceremony as the screen shows it: how far it is, and who was drawn. */
import { parseCertificate, type Certificate, type Drawn } from '@sansuiji/draw'
import { utf8 } from '@sansuiji/protocol'

import type { DrawDetail, TeamSummary, UnitName } from '../../api/types'
import type { Tone } from '../../parts/tone'
import { teamIdOf } from './form'

export const stages = ['commit', 'publish', 'dice', 'reveal', 'draw'] as const
export type Stage = (typeof stages)[number]

/** Secrets that a plan needs at least. */
export const rolesMin = 2

/** The certificate of a ceremony, as far as it goes. */
export function certificateOf({ certificate }: DrawDetail): Certificate {
  return parseCertificate(utf8(JSON.stringify(certificate)))
}

/** What is to be done next; nothing when a ceremony is over. */
export function stageOf({
  state,
  committed,
  revealed,
}: Pick<DrawDetail, 'state' | 'committed' | 'revealed'>): Stage | undefined {
  const roles = committed?.length ?? 0
  switch (state) {
    case 'planned':
      return roles < rolesMin ? 'commit' : 'publish'
    case 'published':
      return 'dice'
    case 'thrown':
      return (revealed?.length ?? 0) < roles ? 'reveal' : 'draw'
    default:
      return undefined
  }
}

/** The colour of a state. */
export function toneOfState(state: string): Tone {
  switch (state) {
    case 'done':
      return 'good'
    case 'void':
      return 'bad'
    default:
      return 'info'
  }
}

/** Roles whose secrets are not open yet. */
export function closedRoles({ committed, revealed }: DrawDetail): readonly string[] {
  return (committed ?? []).filter((role) => !(revealed ?? []).includes(role))
}

/** A unit that is to be visited, or was until it was replaced. */
export interface Chosen {
  readonly id: string
  readonly name: string
  readonly place: string
  readonly category: string
  readonly stratum: string
  readonly team: string
  /** In its team's route, from 1; 0 without one. */
  readonly order: number
  readonly probability: string
  /** The unit that it came in for. */
  readonly instead?: string
  /** The unit that came in for it. */
  readonly replaced?: string
}

/** Units drawn, in the certificate's order, each followed by who came in for it. */
export function chosenOf(detail: DrawDetail, certificate: Certificate): readonly Chosen[] {
  const names = new Map((detail.units ?? []).map((unit) => [unit.id, unit]))
  const lookup = { certificate, names }
  return certificate.drawn
    .filter(({ reserve }) => reserve === 0)
    .flatMap((drawn) => withSuccessors(lookup, drawn))
}

interface Lookup {
  readonly certificate: Certificate
  readonly names: ReadonlyMap<string, UnitName>
}

function withSuccessors(lookup: Lookup, first: Drawn): readonly Chosen[] {
  const { amendments, drawn } = lookup.certificate
  const row: Chosen[] = []
  let instead: string | undefined
  for (let unit: Drawn | undefined = first; unit !== undefined;) {
    const { id }: Drawn = unit
    const replaced: string | undefined = amendments.find(({ out }) => out === id)?.in
    row.push(chosen(lookup, unit, { instead, replaced }))
    instead = id
    unit = drawn.find((other) => other.id === replaced)
  }
  return row
}

interface Links {
  readonly instead: string | undefined
  readonly replaced: string | undefined
}

function chosen({ certificate, names }: Lookup, drawn: Drawn, links: Links): Chosen {
  const { id, stratum, probability } = drawn
  const name = names.get(id)
  const team = teamOfStratum(certificate, stratum)
  const tour = certificate.routes.find((route) => route.team === team)?.tour
  return {
    id,
    stratum,
    probability,
    team,
    name: name?.name ?? id,
    place: name?.county ?? '',
    category: name?.category ?? '',
    order: (tour?.indexOf(id) ?? -1) + 1,
    ...(links.instead === undefined ? {} : { instead: links.instead }),
    ...(links.replaced === undefined ? {} : { replaced: links.replaced }),
  }
}

export function teamOfStratum({ teams }: Certificate, stratum: string): string {
  return teams?.strata.pairs.find(({ what }) => what === stratum)?.team ?? ''
}

/** What a stratum stands for, as far as units of it are known. */
export function stratumNames(
  detail: DrawDetail,
  certificate: Certificate,
  category: (code: string) => string,
): ReadonlyMap<string, string> {
  const units = new Map((detail.units ?? []).map((unit) => [unit.id, unit]))
  return new Map(
    certificate.drawn.map(({ stratum, id }) => {
      const unit = units.get(id)
      return [stratum, unit ? strataName(stratum, unit, category) : stratum]
    }),
  )
}

/** An id like C01, village or C01.village says what it is made of. */
function strataName(
  stratum: string,
  { county, category }: UnitName,
  word: (code: string) => string,
): string {
  const parts = [
    ...(/^C\d/.test(stratum) ? [county] : []),
    ...(stratum.endsWith(category) ? [word(category)] : []),
  ].filter((part) => part !== '')
  return parts.join(' · ') || stratum
}

/** A team with what chance gave it. */
export interface TeamDrawn {
  readonly id: string
  readonly strata: readonly string[]
  /** Units that it visits. */
  readonly units: number
  /** Of its route, where routes are put into days. */
  readonly days?: number
  readonly lengthM?: number
  readonly budgetM?: number
}

export function teamsDrawn(certificate: Certificate): readonly TeamDrawn[] {
  const { plan, teams, drawn, routes } = certificate
  if (teams === undefined) return []
  return (plan.teams?.teams ?? []).map(({ id }) => {
    const strata = teams.strata.pairs.filter(({ team }) => team === id).map(({ what }) => what)
    const route = routes.find(({ team }) => team === id)
    return {
      id,
      strata,
      units: drawn.filter((one) => one.reserve === 0 && strata.includes(one.stratum)).length,
      ...(route && { lengthM: route.length_m, budgetM: route.budget_m }),
      ...(plan.routes?.days && route && { days: route.days.length }),
    }
  })
}

/** The people of a role by the teams that chance put them into. */
export interface RoleDrawn {
  readonly role: string
  readonly feasible: string
  readonly teams: readonly { readonly team: string; readonly people: readonly string[] }[]
}

export function membersDrawn({ plan, teams }: Certificate): readonly RoleDrawn[] {
  const ids = (plan.teams?.teams ?? []).map(({ id }) => id)
  return (teams?.members ?? []).map(({ role, feasible, pairs }) => ({
    role,
    feasible,
    teams: ids.map((team) => ({
      team,
      people: pairs.filter((pair) => pair.team === team).map(({ what }) => what),
    })),
  }))
}

/** The names of teams by their ids in plans. */
export function teamNames(
  teams: readonly TeamSummary[] | null | undefined,
): ReadonlyMap<string, string> {
  return new Map((teams ?? []).map(({ number, name }) => [teamIdOf(number), name]))
}

/** Where a step stands against the one that is to be done now; none: a void ceremony had none. */
export type Status = 'done' | 'now' | 'later' | 'none'

/** The states of all steps. */
export function statusesOf(
  detail: DrawDetail,
  { plan, throws, drawn }: Certificate,
): Readonly<Record<Stage, Status>> {
  const stage = stageOf(detail)
  const reached = stage === undefined ? stages.length : stages.indexOf(stage)
  const isVoid = detail.state === 'void'
  const never: Partial<Record<Stage, boolean>> = {
    dice: isVoid && throws.length === 0,
    draw: isVoid && (plan.sites ? throws : drawn).length === 0,
  }
  const status = (one: Stage, i: number): Status => {
    if (never[one]) return 'none'
    if (i < reached) return 'done'
    return i === reached ? 'now' : 'later'
  }
  return Object.fromEntries(stages.map((one, i) => [one, status(one, i)])) as Record<Stage, Status>
}
