/** What is wrong with a plan, whatever its frame is. */
import { compareText, noHash, spec, suite } from './bytes'
import { coordinateMax, isID } from './frame'
import type {
  Barred,
  DaysPlan,
  MemberRule,
  Plan,
  PublicPlan,
  RoutesPlan,
  SamplePlan,
  SitesPlan,
  TeamRule,
  TeamsPlan,
} from './plan'
import { refusal } from './problem'
import { modes } from './site'

const rolesMin = 2
const peopleMin = 3
/** Of throws, and of people. */
const throwsMax = 1000
/** Codes of exclusions. */
const excludedMax = 1000

/**
 * The number of the public outcomes at least, as a power of two. With 2^40 somebody who
 * tries 2^60 secrets before the dice moves the probability of one unit by 4 in a million.
 */
const publicBits = 40

/** Throws what is wrong with a plan. */
export function checkPlan(p: Plan): void {
  checkDraft(p)
  if (p.commitments.length < rolesMin) throw refusal('plan-roles', String(rolesMin))
}

/** Throws what is wrong with a plan that not all have committed to yet. */
export function checkDraft(p: Plan): void {
  if (p.spec !== spec) throw refusal('spec-unknown', p.spec)
  if (p.suite !== suite) throw refusal('suite-unknown', p.suite)
  if (!isID(p.campaign) || !isID(p.purpose) || !isID(p.scope)) {
    throw refusal('plan-names', p.campaign, p.purpose, p.scope)
  }
  if (purposesOfOurs.includes(p.purpose)) throw refusal('plan-purpose', p.purpose)
  if (p.seq < 1) throw refusal('plan-seq', String(p.seq))
  if ((p.seq === 1) !== (p.previous === noHash)) throw refusal('plan-previous')
  if (p.gap_s < 0) throw refusal('plan-gap')
  if (!p.sample && !p.teams && !p.sites) throw refusal('plan-nothing')
  if (p.routes && (!p.sample || !p.teams)) throw refusal('plan-routes-alone')
  checkCommitments(p)
  checkPublic(p.public)
  checkSummary(p)
  if (p.sample) checkSample(p.sample)
  if (p.teams) checkTeamsPlan(p.teams)
  if (p.routes) checkRoutes(p.routes)
  if (p.sites) checkSites(p.sites)
}

/** Those whose keys are for parts of a draw. */
const purposesOfOurs = ['round', 'assign', 'members', 'route']

function checkCommitments({ commitments }: Plan): void {
  for (const [i, { role, commit }] of commitments.entries()) {
    const before = commitments.slice(0, i)
    const twice = before.some((other) => other.role === role || other.commit === commit)
    if (!isID(role) || twice) throw refusal('plan-role', role)
  }
}

function checkPublic(p: PublicPlan): void {
  if (p.type !== 'dice') throw refusal('public-unknown', p.type)
  if (p.sides < 2 || p.sides > 10) throw refusal('dice-sides', String(p.sides))
  if (p.people.length < peopleMin) throw refusal('dice-people', String(peopleMin))
  if (p.people.length > throwsMax || p.throws > throwsMax) {
    throw refusal('dice-many', String(throwsMax))
  }
  for (const [i, who] of p.people.entries()) {
    if (!isID(who) || p.people.indexOf(who) < i) throw refusal('dice-person', who)
  }
  // sides^(people·throws) ≥ 2^publicBits
  const dice = Math.min(p.people.length * p.throws, 64)
  let outcomes = 1
  for (let n = 0; n < dice; n++) {
    outcomes *= p.sides
    if (outcomes >= 2 ** publicBits) return
  }
  throw refusal('dice-few', String(publicBits))
}

/** Wants exclusions to have somebody who answers for them. */
function checkSummary({ frame }: Plan): void {
  let units = frame.eligible
  for (const [i, e] of frame.excluded.entries()) {
    if (e.evidence === '' || e.approver === '') throw refusal('plan-exclusion', e.code)
    const before = frame.excluded[i - 1]
    const falls = before !== undefined && compareText(e.code, before.code) <= 0
    if (e.n < 1 || e.n > frame.n || frame.excluded.length > excludedMax || falls) {
      throw refusal('plan-counts')
    }
    units += e.n
  }
  if (frame.eligible < 1 || units !== frame.n) throw refusal('plan-counts')
}

/** Whether more than a tenth of a plan's frame is left out. */
export function isExcludedMany({ frame }: Plan): boolean {
  return BigInt(frame.n - frame.eligible) * 10n > BigInt(frame.n)
}

function checkSample(s: SamplePlan): void {
  if (s.design !== 'srs' && s.design !== 'pareto') throw refusal('sample-design', s.design)
  const weighted = s.rule === 'webster' || s.rule === 'neyman' || s.rule === 'rounding'
  if (!weighted && s.rule !== 'ratio' && s.rule !== 'fixed') throw refusal('sample-rule', s.rule)
  if (
    weighted !== s.n > 0 ||
    (!weighted && s.floor !== 0) ||
    s.floor < 0 ||
    (s.rule === 'rounding' && s.floor !== 0) ||
    (s.rule === 'neyman' && s.floor < 1)
  ) {
    throw refusal('sample-n', String(s.n), String(s.floor))
  }
  const weight = s.weight ?? ''
  const known = weight === 'units' || weight === 'size' || weight === 'given'
  if (weighted !== known || (!weighted && weight !== '')) throw refusal('sample-weight', weight)
  if ((s.rule === 'fixed' || weight === 'given') !== s.given.length > 0) {
    throw refusal('sample-given')
  }
  if ((s.rule === 'ratio') !== s.classes.length > 0) throw refusal('sample-classes')
  if (s.reserve_ppm < 0 || s.reserve_ppm > 10_000_000 || s.reserve_min < 0) {
    throw refusal('sample-reserve')
  }
  checkLists(s)
}

function checkLists(s: SamplePlan): void {
  if (!isRising(s.certain)) throw refusal('sample-certain')
  for (const [i, { stratum, value }] of s.given.entries()) {
    if (!isID(stratum) || value < 0 || !isAbove(stratum, s.given[i - 1]?.stratum)) {
      throw refusal('sample-given-one', stratum)
    }
  }
  for (const [i, c] of s.classes.entries()) {
    const ratio = c.ratio_ppm >= 1 && c.ratio_ppm <= 1_000_000
    if (!isID(c.class) || !ratio || c.min < 0 || !isAbove(c.class, s.classes[i - 1]?.class)) {
      throw refusal('sample-class', c.class)
    }
  }
}

function isAbove(text: string, before: string | undefined): boolean {
  return before === undefined || compareText(text, before) > 0
}

function isRising(list: readonly string[]): boolean {
  return list.every((one, i) => isAbove(one, list[i - 1]))
}

function checkTeamsPlan(t: TeamsPlan): void {
  checkTeams(t.teams)
  checkBarred(t.barred, t.teams)
  for (const [i, m] of t.members.entries()) {
    if (!isID(m.role) || !isAbove(m.role, t.members[i - 1]?.role)) {
      throw refusal('members-role', m.role)
    }
    checkMembers(m)
    const listed =
      m.quota.length === t.teams.length && m.quota.every(({ id }, k) => id === t.teams[k]?.id)
    if (!listed) throw refusal('members-quota', m.role)
  }
}

function checkMembers(m: MemberRule): void {
  for (const [k, who] of m.people.entries()) {
    if (!isID(who) || !isAbove(who, m.people[k - 1])) throw refusal('members-person', m.role, who)
  }
  checkTeams(m.quota)
  checkBarred(m.barred, m.quota)
}

function checkTeams(teams: readonly TeamRule[]): void {
  if (teams.length === 0) throw refusal('teams-none')
  for (const [i, { id, cap }] of teams.entries()) {
    if (!isID(id) || cap < 0 || cap > 1000 || !isAbove(id, teams[i - 1]?.id)) {
      throw refusal('teams-team', id)
    }
  }
}

function checkBarred(barred: readonly Barred[], teams: readonly TeamRule[]): void {
  for (const [i, { team, what }] of barred.entries()) {
    const known = teams.some(({ id }) => id === team)
    const twice = barred.slice(0, i).some((other) => other.team === team && other.what === what)
    if (!known || !isID(what) || twice) throw refusal('teams-barred', team, what)
  }
}

function checkRoutes(p: RoutesPlan): void {
  if (
    Math.abs(p.depot_x_m) > coordinateMax ||
    Math.abs(p.depot_y_m) > coordinateMax ||
    p.detour_permille < 1000 ||
    p.detour_permille > 5000 ||
    p.budget_percent < 100 ||
    p.budget_percent > 1000 ||
    p.moves < 1 ||
    p.moves > 100_000
  ) {
    throw refusal('routes-plan')
  }
  if (p.days) checkDays(p.days)
}

const [dayMinutesMax, speedMax] = [24 * 60, 10_000]

function checkDays(p: DaysPlan): void {
  const speed = p.metres_per_minute >= 1 && p.metres_per_minute <= speedMax
  const day = p.day_minutes >= 1 && p.day_minutes <= dayMinutesMax
  if (!speed || !day || p.visit_minutes < 0 || p.visit_minutes > p.day_minutes) {
    throw refusal('days-plan')
  }
}

function checkSites(s: SitesPlan): void {
  if (s.n < 1 || s.ask < 1 || s.modes.length === 0) throw refusal('sites-plan')
  for (const [i, mode] of s.modes.entries()) {
    const before = s.modes[i - 1]
    const rising = before === undefined || compareText(mode, before) > 0
    if (!modes.includes(mode) || !rising) throw refusal('site-mode', mode)
  }
}
