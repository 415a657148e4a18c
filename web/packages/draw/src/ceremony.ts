/** A ceremony under way: dice, secrets that are opened, the draw. */
import { run, type Certificate, type Outcome } from './certificate'
import type { Frame } from './frame'
import { checkFits } from './fits'
import { ceremonyOf, planHash } from './plan'
import { checkPlan } from './planCheck'
import { Refusal, refusal, type Note } from './problem'
import { checkReveals, checkThrows, commit, newSeed, type Reveal } from './seed'
import { parseTime } from './time'

/** Wants a plan that is whole, everybody's dice, and the plan published long enough before. */
export function checkDice(certificate: Certificate): void {
  checkPlan(certificate.plan)
  checkThrown(certificate)
}

/** Wants everybody's dice, fallen long enough after the plan was out. */
export function checkThrown(c: Certificate): readonly Note[] {
  if (isUnthrown(c))
    return [{ code: 'note-void-unthrown', args: [String(c.plan.seq), c.reason ?? ''] }]
  checkThrows(c.plan, c.throws)
  const thrown = parseTime(c.thrown_at ?? '')
  const [first, second] = c.published
  if (first === undefined) throw refusal('published-nowhere')
  for (const { where, at, evidence } of c.published) {
    const gap = thrown - parseTime(at)
    if (where === '' || evidence === '') throw refusal('published-evidence', at)
    if (gap < 0) throw refusal('published-after', where, c.thrown_at ?? '', at)
    if (gap < c.plan.gap_s) {
      throw refusal('published-late', where, String(gap), String(c.plan.gap_s))
    }
  }
  const notes: Note[] = []
  if (second === undefined) notes.push({ code: 'note-published-once', args: [first.where] })
  if (c.plan.gap_s === 0) notes.push({ code: 'note-gap', args: [] })
  return notes
}

/** Adds a secret that its holder opens; the order is the plan's. */
export function reveal(certificate: Certificate, opened: Reveal): Certificate {
  const { plan, reveals } = certificate
  const { role, secret } = opened
  if (reveals.some((other) => other.role === role)) throw refusal('reveals-twice', role)
  const holder = plan.commitments.find((commitment) => commitment.role === role)
  if (holder === undefined) throw refusal('reveals-nobody', role)
  if (commit(ceremonyOf(plan), role, secret) !== holder.commit) throw refusal('reveals-other', role)
  const all = [...reveals, opened]
  const ordered = plan.commitments.flatMap((wanted) => all.filter((r) => r.role === wanted.role))
  return { ...certificate, reveals: ordered }
}

/** Whether a ceremony was void before the dice. */
export function isUnthrown({ status, throws, thrown_at: thrown }: Certificate): boolean {
  return status === 'void' && throws.length === 0 && thrown === undefined
}

/** Draws what the plan asks for and writes it down; nothing of one void before the dice. */
export function draw(certificate: Certificate, frame: Frame): Certificate {
  const { plan, reveals } = certificate
  if (isUnthrown(certificate)) {
    checkPlan(plan)
    checkReveals(plan, reveals)
    return { ...certificate, plan_hash: planHash(plan) }
  }
  checkDice(certificate)
  checkFits(plan, frame)
  const outcome = again(certificate, frame)
  return { ...certificate, plan_hash: planHash(plan), teams: undefined, ...outcome, amendments: [] }
}

/** The outcome that a certificate must have; none of a void ceremony that could not be drawn. */
export function again(certificate: Certificate, frame: Frame): Outcome {
  const { plan, reveals, throws, status } = certificate
  if (isUnthrown(certificate)) return noOutcome
  const seed = newSeed(plan, reveals, throws)
  try {
    return run(plan, frame, seed)
  } catch (error) {
    if (status === 'void' && error instanceof Refusal) return noOutcome
    throw error
  }
}

/** What a ceremony gives in which nothing was drawn. */
export const noOutcome: Outcome = { allocation: [], drawn: [], routes: [] }
