/** Which team goes where, and who is in it. */
import { list, object, text, type Of } from './form'
import type { Barred, TeamRule, TeamsPlan } from './plan'
import { refusal, type Refusal } from './problem'
import type { Seed } from './seed'
import { Stream } from './stream'

/**
 * One of all assignments of items to teams that keep to the caps and avoid barred
 * pairs, each as likely as any other.
 */
export type Assignment = Of<typeof assignmentShape>

const assignmentShape = {
  /** How many there are, decimal. */
  feasible: text,
  /** Which one chance chose, decimal, from 0. */
  rank: text,
  /** By item. */
  pairs: list(object({ what: text, team: text })),
}

/** Below how many assignments one can be guessed. */
const fewFeasible = 1000n

/** Bounds the table of what capacities can be left. */
const statesMax = 2 ** 20

/** What is assigned: items, sorted, to teams, sorted. */
export interface Assigning {
  readonly items: readonly string[]
  readonly teams: readonly TeamRule[]
  readonly barred: readonly Barred[]
}

/** A team in the table: a state is the sum of what each team's places are worth. */
interface Column {
  readonly id: string
  /** What a place is worth. */
  readonly radix: number
  /** Places, and one. */
  readonly size: number
  readonly barred: ReadonlySet<string>
}

/** Counts the completions of partial assignments. */
class Table {
  readonly items: readonly string[]
  readonly columns: readonly Column[]
  /** The state in which no team has an item. */
  readonly full: number
  readonly #counts: readonly Map<number, bigint>[]

  constructor({ items, teams, barred }: Assigning) {
    let radix = 1
    this.items = items
    this.columns = teams.map(({ id, cap }) => {
      const not = barred.filter(({ team }) => team === id).map(({ what }) => what)
      const column = { id, radix, size: cap + 1, barred: new Set(not) }
      radix *= column.size
      if (radix > statesMax) throw refusal('assign-large', String(statesMax))
      return column
    })
    this.full = radix - 1
    this.#counts = items.map(() => new Map<number, bigint>())
  }

  /** Whether a team may have an item, and has a place in a state. */
  allows(item: number, { barred, radix, size }: Column, state: number): boolean {
    return Math.floor(state / radix) % size > 0 && !barred.has(this.items[item] ?? '')
  }

  /** F: the ways to assign the items from one on with the capacity that a state has left. */
  count(item: number, state: number): bigint {
    const counts = this.#counts[item]
    if (counts === undefined) return 1n
    let n = counts.get(state)
    if (n !== undefined) return n
    n = 0n
    for (const column of this.columns) {
      if (this.allows(item, column, state)) n += this.count(item + 1, state - column.radix)
    }
    counts.set(state, n)
    return n
  }
}

/** Draws an assignment. */
export function assign(what: Assigning, stream: Stream): Assignment {
  const table = new Table(what)
  let state = table.full
  const all = table.count(0, state)
  if (all === 0n) throw binding(what)
  const rank = stream.belowBig(all)
  let left = rank
  const pairs = what.items.map((item, i) => {
    for (const column of table.columns) {
      if (!table.allows(i, column, state)) continue
      const n = table.count(i + 1, state - column.radix)
      if (left < n) {
        state -= column.radix
        return { what: item, team: column.id }
      }
      left -= n
    }
    throw new Error(`assign ${item}: no team is left`) // counted, so there is one
  })
  return { feasible: all.toString(), rank: rank.toString(), pairs }
}

/** Why there is no assignment: too few places, or barred pairs of which each has a part in it. */
function binding({ items, teams, barred }: Assigning): Refusal {
  const places = teams.reduce((sum, { cap }) => sum + cap, 0)
  if (places < items.length) {
    return refusal('assign-places', String(places), String(items.length))
  }
  let least = barred
  for (let i = 0; i < least.length;) {
    const without = least.filter((_, k) => k !== i)
    const table = new Table({ items, teams, barred: without })
    if (table.count(0, table.full) === 0n) least = without
    else i++
  }
  return refusal('assign-barred', least.map(({ team, what }) => `${team} – ${what}`).join(', '))
}

/** Whether there are so few assignments that one can be guessed. */
export function isFew({ feasible }: Assignment): boolean {
  return BigInt(feasible) < fewFeasible
}

/** Which team goes where, and who is in it. */
export type TeamsDrawn = Of<typeof teamsDrawnShape>

const teamsDrawnShape = {
  strata: object(assignmentShape),
  /** Who of a role is in which team, by role. */
  members: list(object({ role: text, ...assignmentShape })),
}

/** The form of teams that are drawn. */
export const teamsDrawnForm = object(teamsDrawnShape)

/** Assigns strata to teams, and people by their roles. */
export function drawTeams(
  plan: TeamsPlan,
  strata: readonly string[],
  scope: string,
  seed: Seed,
): TeamsDrawn {
  checkKnown(plan.barred, strata)
  const { teams, barred } = plan
  const assigned = assign({ items: strata, teams, barred }, new Stream(seed.key('assign', scope)))
  const members = plan.members.map((m) => {
    checkKnown(m.barred, m.people)
    const stream = new Stream(seed.key('members', `${scope}/${m.role}`))
    return {
      role: m.role,
      ...assign({ items: m.people, teams: m.quota, barred: m.barred }, stream),
    }
  })
  return { strata: assigned, members }
}

function checkKnown(barred: readonly Barred[], items: readonly string[]): void {
  const known = new Set(items)
  for (const { team, what } of barred) {
    if (!known.has(what)) throw refusal('teams-barred', team, what)
  }
}

/** The strata of a team. */
export function strataOfTeam({ strata }: TeamsDrawn, team: string): readonly string[] {
  return strata.pairs.filter((pair) => pair.team === team).map(({ what }) => what)
}
