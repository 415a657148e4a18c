/** The log of a campaign's ceremonies. */
import { noHash, type Hash } from './bytes'
import { certificateHash, parseCertificate, type Certificate, type Outcome } from './certificate'
import { again, isUnthrown, noOutcome } from './ceremony'
import { checkSame } from './compare'
import { isSpace } from './csv'
import type { Frame } from './frame'
import { planHash } from './plan'
import { checkPlan } from './planCheck'
import { problemOf, Refusal, refusal, type Code } from './problem'
import { checkReveals, checkThrows } from './seed'

/** The ceremony that a log is checked for. */
export interface Verified {
  readonly certificate: Certificate
  readonly hash: Hash
  readonly frame: Frame
  readonly note: (code: Code, ...args: readonly string[]) => void
}

/**
 * Checks the campaign's ceremonies: numbers without gaps, each linked to the one before,
 * void ones opened, and no purpose drawn twice.
 */
export function checkLog(verified: Verified, file: Uint8Array): void {
  let [previous, seq, found] = [noHash, 0, false]
  const live = new Map<string, number>()
  for (const line of linesOf(file)) {
    if (isBlank(line)) continue
    const certificate = inCeremony(seq + 1, () => parseCertificate(line))
    seq++
    checkEntry(verified, certificate, { seq, previous })
    previous = certificateHash(certificate)
    if (certificate.status === 'done') {
      const what = `${certificate.plan.purpose}/${certificate.plan.scope}`
      const before = live.get(what)
      if (before !== undefined) throw refusal('log-twice', what, String(before), String(seq))
      live.set(what, seq)
      const other = previous !== verified.hash && isOfFrame(verified, certificate)
      if (other) verified.note('note-log-other', String(seq), what)
    }
    found ||= previous === verified.hash
  }
  if (!found) throw refusal('log-missing')
  verified.note('note-log-end', String(seq))
}

/** Whether units were drawn from the same frame. */
function isOfFrame({ certificate }: Verified, { plan, drawn }: Certificate): boolean {
  return drawn.length > 0 && plan.frame.root === certificate.plan.frame.root
}

/** The lines of a file, each of which is read by itself. */
function* linesOf(file: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < file.length;) {
    const end = file.indexOf(0x0a, at)
    const next = end < 0 ? file.length : end + 1
    yield file.subarray(at, next)
    at = next
  }
}

function isBlank(line: Uint8Array): boolean {
  return isSpace(new TextDecoder('utf-8', { ignoreBOM: true }).decode(line))
}

/** Says in which ceremony of the log something is wrong. */
function inCeremony<T>(number: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const cause = problemOf(error)
    throw new Refusal({ code: 'log-line', args: [String(number)], cause })
  }
}

interface Link {
  readonly seq: number
  readonly previous: Hash
}

/** Checks one ceremony of the log. A void one on the same frame is drawn again. */
function checkEntry(verified: Verified, c: Certificate, { seq, previous }: Link): void {
  const { plan } = c
  inCeremony(seq, () => {
    checkPlan(plan)
  })
  const number = String(seq)
  if (plan.campaign !== verified.certificate.plan.campaign) {
    throw refusal('log-campaign', number, plan.campaign)
  }
  if (plan.seq !== seq) throw refusal('log-gap', number, String(plan.seq))
  if (plan.previous !== previous) throw refusal('log-link', number)
  inCeremony(seq, () => {
    const have = planHash(plan)
    if (have !== c.plan_hash) throw refusal('plan-hash', have, c.plan_hash)
    checkStatus(c)
    checkReveals(plan, c.reveals)
    if (isUnthrown(c)) {
      verified.note('note-void-unthrown', number, c.reason ?? '')
      checkSame(noOutcome, c)
      return
    }
    checkThrows(plan, c.throws)
    if (c.status === 'void') checkVoid(verified, c)
  })
}

/** Wants a ceremony to be done, or void for a reason. */
export function checkStatus({ status, reason }: Certificate): void {
  if (reason === undefined ? status !== 'done' : status !== 'void') {
    throw refusal('status', status)
  }
}

/**
 * Draws a void ceremony again, and says how it differs from what was drawn for the same
 * purpose.
 */
function checkVoid({ certificate, frame, note }: Verified, c: Certificate): void {
  const [number, reason] = [String(c.plan.seq), c.reason ?? '']
  if (c.plan.frame.root !== certificate.plan.frame.root) {
    note('note-void-frame', number, reason)
    return
  }
  const outcome = again(c, frame)
  checkSame(outcome, c)
  const now = new Set(mainOf(certificate))
  const main = mainOf(outcome)
  const both = main.filter((id) => now.has(id)).length
  note('note-void-drawn', number, reason, String(both), String(main.length))
}

/** The ids that were drawn, the reserve left out. */
function mainOf({ drawn }: Outcome): readonly string[] {
  return drawn.filter(({ reserve }) => reserve === 0).map(({ id }) => id)
}
