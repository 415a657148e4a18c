/** A ceremony with all that is needed to do it again. */
import { allocate, allottedShape, type Allotted } from './allocate'
import { drawTeams, teamsDrawnForm, type TeamsDrawn } from './assign'
import { hashOf, sum, tag, type Hash } from './bytes'
import { decode, hash, list, object, optional, someText, text, type Form, type Of } from './form'
import { strataOf, type Frame, type Stratum } from './frame'
import { canonical } from './json'
import { planForm, type Plan } from './plan'
import { refusal, type Note } from './problem'
import { drawRoutes, routeShape, type Route } from './route'
import { drawStratum, drawnShape, type Drawn } from './sample'
import { revealShape, throwShape, type Seed } from './seed'
import { Stream } from './stream'

/** What the draws gave. */
export type Outcome = Of<typeof outcomeShape>

const outcomeShape = {
  allocation: list(object(allottedShape)),
  drawn: list(object(drawnShape)),
  teams: optional(teamsDrawnForm),
  routes: list(object(routeShape)),
}

/** Puts the next in reserve in the place of a unit that cannot be visited. */
export type Amendment = Of<typeof amendmentShape>

const amendmentShape = {
  stratum: text,
  out: text,
  in: text,
  reason: text,
  /** Hash of a photo or a document. */
  evidence: text,
  approver: text,
  /** RFC 3339, UTC. */
  at: text,
  /** Hash of the amendment before, or of the certificate. */
  previous: hash,
}

/** A ceremony with all that is needed to do it again. */
export type Certificate = Of<typeof certificateShape>

const certificateShape = {
  spec: text,
  /**
   * done, or void: a ceremony that does not count. It is opened all the same: who voids
   * one because of what it gave is seen.
   */
  status: text,
  /** Of a void one. */
  reason: someText,
  plan: planForm,
  plan_hash: hash,
  /** Where and when the plan's hash was published, before the dice. */
  published: list(object({ where: text, at: text, evidence: text })),
  /** RFC 3339, UTC; of a ceremony that was void before the dice there is none. */
  thrown_at: someText,
  throws: list(object(throwShape)),
  reveals: list(object(revealShape)),
  ...outcomeShape,
  /**
   * They come after the certificate's hash was published, each linked to the one before.
   */
  amendments: list(object(amendmentShape)),
}

/** The form of a certificate. */
export const certificateForm: Form<Certificate> = object(certificateShape)

/** Reads a certificate. Whether it holds, `verify` says. */
export function parseCertificate(bytes: Uint8Array): Certificate {
  return decode(bytes, certificateForm)
}

/** What a certificate is published by, at once. Amendments do not change it. */
export function certificateHash(certificate: Certificate): Hash {
  return hashOf(sum(tag('certificate', canonical({ ...certificate, amendments: [] }))))
}

/** What the next amendment is linked to. */
export function amendmentHash(amendment: Amendment): Hash {
  return hashOf(sum(tag('amendment', canonical(amendment))))
}

/** The hash that the next amendment is linked to: of the newest one, or of the certificate. */
export function headOf(certificate: Certificate): Hash {
  const last = certificate.amendments.at(-1)
  return last === undefined ? certificateHash(certificate) : amendmentHash(last)
}

/**
 * Wants hashes to be a ceremony's: its plan's, its own or its newest amendment's. Gives what
 * they do not bind.
 */
export function checkKnown(c: Certificate, hashes: readonly Hash[]): readonly Note[] {
  const head = headOf(c)
  const own = [c.plan_hash, certificateHash(c), head]
  const other = hashes.find((one) => !own.includes(one))
  if (other !== undefined) throw refusal('known-other', other)
  if (hashes.includes(head)) return []
  if (c.amendments.length > 0) return [{ code: 'note-head', args: [head] }]
  return [{ code: 'note-plan-only', args: [] }]
}

/** Draws all that a plan asks for. */
export function run(plan: Plan, frame: Frame, seed: Seed): Outcome {
  const strata = strataOf(frame)
  const { allocation, drawn } = sampled(plan, strata, seed)
  const names = strata.map(({ id }) => id)
  const teams = plan.teams && drawTeams(plan.teams, names, plan.scope, seed)
  const routes = routed(plan, { frame, drawn, teams }, seed)
  return { allocation, drawn, ...(teams && { teams }), routes }
}

interface Sampled {
  readonly allocation: readonly Allotted[]
  readonly drawn: readonly Drawn[]
}

function sampled(plan: Plan, strata: readonly Stratum[], seed: Seed): Sampled {
  const { sample, purpose, scope } = plan
  if (sample === undefined) return { allocation: [], drawn: [] }
  const allocation = allocate(sample, strata, new Stream(seed.key('round', scope)))
  const key = seed.key(purpose, scope)
  const drawn = strata.flatMap((stratum, i) => {
    const allotted = allocation[i]
    return allotted === undefined ? [] : drawStratum(sample, { stratum, allotted, key })
  })
  return { allocation, drawn }
}

interface Assigned {
  readonly frame: Frame
  readonly drawn: readonly Drawn[]
  readonly teams: TeamsDrawn | undefined
}

function routed(plan: Plan, { frame, drawn, teams }: Assigned, seed: Seed): readonly Route[] {
  if (plan.routes === undefined || plan.teams === undefined || teams === undefined) return []
  return drawRoutes(plan.routes, { teams, rules: plan.teams.teams, drawn, frame }, plan.scope, seed)
}
