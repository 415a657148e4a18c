/** The steps by which a campaign is prepared, and what each lacks. */
import type { Setup } from '../../campaign/details'

export const stepNames = [
  'campaign',
  'units',
  'lists',
  'questions',
  'teams',
  'draws',
  'devices',
] as const
export type StepName = (typeof stepNames)[number]

/** A count with the name of its words. */
export interface Count {
  readonly name: string
  readonly count: number
}

export interface Step {
  readonly name: StepName
  /** `missing` lacks what the campaign cannot do without; `partly` what it may want. */
  readonly state: 'done' | 'partly' | 'missing'
  readonly facts: readonly Count[]
  readonly gaps: readonly Count[]
}

/** What a step has and lacks; `needed` are gaps that a campaign cannot begin with. */
interface Parts {
  readonly facts: Readonly<Record<string, number>>
  readonly needed: Readonly<Record<string, number>>
  readonly wanted: Readonly<Record<string, number>>
}

export function stepsOf(setup: Setup): readonly Step[] {
  return stepNames.map((name) => stepOf(name, partsOf[name](setup)))
}

/** The first step that is not done, by its name. */
export function nextOf(steps: readonly Step[]): StepName | undefined {
  return (steps.find(({ state }) => state === 'missing') ?? steps.find((one) => one.gaps.length))
    ?.name
}

function stepOf(name: StepName, { facts, needed, wanted }: Parts): Step {
  const [must, may] = [countsOf(needed), countsOf(wanted)]
  return {
    name,
    state: must.length > 0 ? 'missing' : may.length > 0 ? 'partly' : 'done',
    facts: countsOf(facts),
    gaps: [...must, ...may],
  }
}

/** Those that are not zero. */
function countsOf(counts: Readonly<Record<string, number>>): readonly Count[] {
  return Object.entries(counts)
    .map(([name, count]) => ({ name, count }))
    .filter(({ count }) => count > 0)
}

const none = (count: number): number => (count > 0 ? 0 : 1)

const unitsOf = ({ categories }: Setup): number =>
  (categories ?? []).reduce((sum, { units }) => sum + units, 0)

const partsOf: Readonly<Record<StepName, (setup: Setup) => Parts>> = {
  campaign: (s) => ({
    facts: {},
    needed: { days: s.starts_at === undefined || s.ends_at === undefined ? 1 : 0 },
    wanted: { sealKey: s.seal_to === '' ? 1 : 0 },
  }),
  units: (s) => ({
    facts: { units: unitsOf(s), categories: (s.categories ?? []).length },
    needed: { noUnits: none(unitsOf(s)) },
    wanted: { unlocated: unitsOf(s) - s.located },
  }),
  lists: (s) => ({
    facts: { problems: s.problems, ledger: s.ledger, commitments: s.commitments },
    needed: { noProblems: none(s.problems) },
    wanted: {
      unlisted: unitsOf(s) - s.listed,
      unledgered: s.unledgered,
      undated: s.undated,
      noCommitments: none(s.commitments),
    },
  }),
  questions: (s) => ({
    facts: {
      common: s.common,
      extra: (s.categories ?? []).reduce((sum, one) => sum + one.questions, 0),
      interview: s.interview,
    },
    needed: { noCommon: none(s.common) },
    wanted: {
      noExtra: (s.categories ?? []).filter(({ questions }) => questions === 0).length,
      noInterview: none(s.interview),
    },
  }),
  teams: (s) => ({
    facts: { teams: s.teams, inspectors: s.inspectors },
    needed: { noTeams: none(s.teams) },
    wanted: { leaderless: s.leaderless, teamless: s.teamless },
  }),
  draws: (s) => ({
    facts: { drawsDone: s.draws_done, visits: s.visits },
    needed: { noVisits: none(s.visits) },
    wanted: { drawsOpen: s.draws_open },
  }),
  devices: (s) => ({
    facts: { devices: s.devices, unitAccounts: s.unit_accounts },
    needed: { noDevices: none(s.devices) },
    wanted: { deviceless: s.deviceless },
  }),
}
