/** Which attachments are shown. */
import type { Attachment } from '../../api/types'
import { isFromGallery, isMissing } from '../../attachment/facts'
import { hasWords, type Narrowing } from '../../parts/narrow'

/** How far an attachment is, or what to know of it. */
export const states = ['missing', 'there', 'gallery', 'withdrawn'] as const
export type State = (typeof states)[number]

/** Names in the address; `view` chooses between all of them and those that are alike. */
export const names = ['q', 'kind', 'state', 'view'] as const
export type Name = (typeof names)[number]
export type Filter = Narrowing<Name>

/** Pictures on one page. */
export const pageSize = 48

/** The teams of people by their names, which is all that attachments tell of people. */
export type Teams = ReadonlyMap<string, readonly string[]>

export function matches(one: Attachment, { q, kind, state }: Filter, teams: Teams): boolean {
  return (
    (kind === undefined || one.kind === kind) &&
    (state === undefined || isIn(one, state)) &&
    (q === undefined || hasWords(textsOf(one, teams), q))
  )
}

function textsOf({ unit, inspector, caption }: Attachment, teams: Teams): readonly string[] {
  return [unit, inspector, caption, ...(teams.get(inspector) ?? [])]
}

function isIn(one: Attachment, state: string): boolean {
  switch (state) {
    case 'missing':
      return isMissing(one)
    case 'there':
      return one.there && !one.withdrawn
    case 'gallery':
      return isFromGallery(one)
    case 'withdrawn':
      return one.withdrawn
    default:
      return true // of a link that knows more
  }
}

export function teamsOf(
  people: readonly { readonly name: string; readonly team: string }[],
): Teams {
  const teams = new Map<string, readonly string[]>()
  for (const { name, team } of people) teams.set(name, [...(teams.get(name) ?? []), team])
  return teams
}

/** How many are there, and who still has the others. */
export interface Totals {
  readonly all: number
  readonly there: number
  readonly missing: number
  readonly withdrawn: number
  /** Those who have the most first. */
  readonly waiting: readonly { readonly who: string; readonly count: number }[]
}

export function totalsOf(list: readonly Attachment[]): Totals {
  const missing = list.filter(isMissing)
  const counts = new Map<string, number>()
  for (const { inspector } of missing) counts.set(inspector, (counts.get(inspector) ?? 0) + 1)
  return {
    all: list.length,
    there: list.filter((one) => isIn(one, 'there')).length,
    missing: missing.length,
    withdrawn: list.filter(({ withdrawn }) => withdrawn).length,
    waiting: [...counts].map(([who, count]) => ({ who, count })).sort((a, b) => b.count - a.count),
  }
}
