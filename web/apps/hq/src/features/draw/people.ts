/** Inspectors as plans name them: by short ids, since names are no ids. */
import type { Inspector } from '../../api/types'
import type { MemberForm } from './form'

export interface Person {
  /** Its id in plans, such as I01. */
  readonly id: string
  readonly name: string
  /** The team that it is in now. */
  readonly team: string
  readonly role: string
}

/**
 * Everybody with an id. They are numbered in the order of their rows, not of the list,
 * which changes when somebody changes teams.
 */
export function peopleOf(inspectors: readonly Inspector[]): readonly Person[] {
  const digits = Math.max(2, String(inspectors.length).length)
  return [...inspectors]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ name, team, role }, i) => ({
      id: `I${String(i + 1).padStart(digits, '0')}`,
      name,
      team,
      role,
    }))
}

/** Ids with names, a line each, for whoever reads the certificate. */
export function listOf(people: readonly Person[]): string {
  return people.map(({ id, name }) => `${id}\t${name}`).join('\n')
}

/** The next role to be filled in: everybody who has it, with as many places for each team. */
export function newMembers(
  role: string,
  people: readonly Person[],
  teams: readonly string[],
): MemberForm {
  const ids = people.filter((one) => one.role === role).map(({ id }) => id)
  const places = Math.ceil(ids.length / Math.max(1, teams.length))
  return {
    role,
    people: ids,
    quota: Object.fromEntries(teams.map((team) => [team, places])),
    barred: [],
  }
}
