/** Does everything again that a certificate says. */
import { Standing } from './amend'
import { isFew } from './assign'
import { noHash, spec, type Hash } from './bytes'
import { certificateForm, certificateHash, checkKnown, type Certificate } from './certificate'
import { again, checkThrown } from './ceremony'
import { checkSame } from './compare'
import { checkFits } from './fits'
import type { Frame } from './frame'
import { readFrame } from './frameRead'
import { decodeText, parseJSON } from './json'
import { checkLog, checkStatus } from './log'
import { planHash } from './plan'
import { checkPlan, isExcludedMany } from './planCheck'
import { refusal, type Note } from './problem'
import { checkReveals } from './seed'
import { Steps, type Result, type Step, type Verification } from './steps'

/** What is verified. */
export interface Files {
  readonly certificate: Uint8Array
  /** The file of its frame. */
  readonly frame: Uint8Array
  /** All certificates of the campaign, one to a line, from the first. */
  readonly log?: Uint8Array | undefined
  /**
   * Hashes that the reader has from where they were published: of the plan, the
   * certificate or its newest amendment. Without them nobody knows that this is the
   * ceremony which people saw.
   */
  readonly known?: readonly Hash[]
}

/** Does all steps. */
export function verify(files: Files): Verification {
  const verifier = new Verifier(files)
  return { steps: [...verifier.steps()], result: verifier.result, hash: verifier.hash }
}

/** Works through the steps. After one that does not hold the others are not done. */
export class Verifier {
  hash: Hash = noHash
  /** Once it was read. */
  certificate: Certificate | undefined
  frame: Frame | undefined
  readonly #files: Files
  readonly #steps = new Steps()

  constructor(files: Files) {
    this.#files = files
  }

  /** What came of the steps until now. */
  get result(): Result {
    return this.#steps.result
  }

  /** Does one step after the other, so that who waits can be shown each. */
  *steps(): Generator<Step, void, undefined> {
    const files = this.#files
    yield this.#steps.do('verify-form', () => {
      this.#parse(files.certificate)
    })
    const known = files.known ?? []
    yield this.#steps.do('verify-plan', () => {
      if (known.length === 0) this.#steps.note('note-unpublished')
      this.#plan(this.#read())
    })
    yield this.#steps.do('verify-frame', () => {
      this.frame = readFrame(files.frame)
      checkFits(this.#read().plan, this.frame)
    })
    yield this.#steps.do('verify-openings', () => {
      checkReveals(this.#read().plan, this.#read().reveals)
    })
    yield this.#steps.do('verify-public', () => {
      this.#note(checkThrown(this.#read()))
    })
    yield this.#steps.do('verify-draw', () => {
      this.#draw(this.#read())
    })
    yield this.#steps.do('verify-amendments', () => {
      this.#amendments(this.#read())
    })
    if (known.length > 0) {
      yield this.#steps.do('verify-known', () => {
        this.#note(checkKnown(this.#read(), known))
      })
    }
    yield this.#log(files.log)
  }

  #read(): Certificate {
    if (this.certificate === undefined) throw new Error('verify: no certificate')
    return this.certificate
  }

  #note(notes: readonly Note[]): void {
    for (const { code, args } of notes) this.#steps.note(code, ...args)
  }

  #parse(bytes: Uint8Array): void {
    this.certificate = readCertificate(bytes)
    this.hash = certificateHash(this.certificate)
  }

  #plan(c: Certificate): void {
    checkPlan(c.plan)
    const have = planHash(c.plan)
    if (have !== c.plan_hash) throw refusal('plan-hash', have, c.plan_hash)
    const { n, eligible } = c.plan.frame
    if (isExcludedMany(c.plan)) this.#steps.note('note-excluded', String(n - eligible), String(n))
    checkStatus(c)
    if (c.reason !== undefined) this.#steps.note('note-void', c.reason)
  }

  /** Draws again and compares every field. */
  #draw(c: Certificate): void {
    if (this.frame === undefined) throw new Error('verify: no frame')
    const outcome = again(c, this.frame)
    const { teams } = outcome
    if (teams && isFew(teams.strata)) this.#steps.note('note-few', teams.strata.feasible)
    checkSame(outcome, c)
  }

  #amendments(c: Certificate): void {
    if (c.status === 'void' && c.amendments.length > 0) throw refusal('amendment-void')
    const standing = new Standing(c)
    for (const amendment of c.amendments) standing.take(amendment)
    if (c.amendments.length > 0) this.#steps.note('note-replaced', String(c.amendments.length))
  }

  #log(file: Uint8Array | undefined): Step {
    if (file === undefined && this.result === 'holds') return this.#withoutLog()
    return this.#steps.do('verify-log', () => {
      if (this.frame === undefined || file === undefined)
        throw new Error('verify: no frame, no log')
      const { hash, frame } = this
      checkLog({ certificate: this.#read(), hash, frame, note: this.#steps.note }, file)
    })
  }

  /** Only of the first ceremony nobody needs to know the others. */
  #withoutLog(): Step {
    const name = 'verify-log'
    if (this.certificate?.plan.seq === 1) {
      return { name, result: 'holds', notes: [{ code: 'note-first', args: [] }] }
    }
    this.#steps.result = 'unknown'
    return { name, result: 'unknown', notes: [] }
  }
}

/** Reads a certificate; the norm that it says to follow, before anything else is asked of it. */
export function readCertificate(bytes: Uint8Array): Certificate {
  const tree = parseJSON(decodeText(bytes))
  const name: unknown = tree instanceof Map ? tree.get('spec') : undefined
  if (typeof name !== 'string') throw refusal('json-form', 'spec')
  if (name !== spec) throw refusal('spec-unknown', name)
  return certificateForm(tree, '')
}
