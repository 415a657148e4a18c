/** What the numbers of the overview are and where they lead. */
import type { LocationQueryRaw } from 'vue-router'

import type { CrewSummary, Dashboard, Overview, TeamSummary } from '../../api/types'

export interface Figure {
  readonly name:
    'units' | 'visits' | 'findings' | 'pending' | 'conflicts' | 'quarantined' | 'entries'
  readonly value: number
  /** The screen that shows what is counted. */
  readonly to?: string
  readonly query?: LocationQueryRaw
  /** Something waits for a person. */
  readonly urgent: boolean
}

export function figuresOf(overview: Overview): readonly Figure[] {
  const { units, visits, findings, pending, conflicts, quarantined, entries } = overview
  const waiting = { status: 'submitted', review: 'pending' }
  const kept = quarantined + overview.held + overview.aside
  return [
    { name: 'units', value: units, urgent: false },
    { name: 'visits', value: visits, urgent: false },
    { name: 'findings', value: findings, to: 'findings', urgent: false },
    { name: 'pending', value: pending, to: 'findings', query: waiting, urgent: pending > 0 },
    { name: 'conflicts', value: conflicts, to: 'conflicts', urgent: conflicts > 0 },
    { name: 'quarantined', value: kept, to: 'quarantine', urgent: kept > 0 },
    { name: 'entries', value: entries, urgent: false },
  ]
}

/** How many visits were reached, over all teams. */
export function visitedOf(overview: Overview): number {
  return (overview.teams ?? []).reduce((sum, team) => sum + team.visited, 0)
}

/** Visits reached, in percent rounded down so that only all of them make 100. */
export function progressOf({ visits, visited }: Pick<TeamSummary, 'visits' | 'visited'>): number {
  if (visits === 0) return 0
  return Math.min(100, Math.floor((100 * visited) / visits))
}

/** Teams by their number. */
export function crewsOf(dashboard: Pick<Dashboard, 'crews'>): readonly CrewSummary[] {
  return [...(dashboard.crews ?? [])].sort((a, b) => a.number - b.number)
}
