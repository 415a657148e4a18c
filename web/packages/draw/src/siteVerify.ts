/** Whether people at a site were asked as chance had it. */
import { noHash, spec, type Hash } from './bytes'
import { certificateHash, type Certificate } from './certificate'
import { decode, hash, integer, list, object, text, type Of } from './form'
import { proofForm } from './merkle'
import { planHash } from './plan'
import { checkPlan } from './planCheck'
import { refusal } from './problem'
import { orderOf, readRoster, rosterCode, rosterRoot, rosterSize, type Roster } from './roster'
import { checkReveals, checkThrows, throwShape } from './seed'
import { holdsSite, modes, siteDraw } from './site'
import { Steps, type Step, type Verification } from './steps'
import { parseTime } from './time'
import { readCertificate } from './verify'

/** What a team brings home from a site's draw. */
export type SiteRecord = Of<typeof recordShape>

const recordShape = {
  spec: text,
  plan_hash: hash,
  site: text,
  /** One of `modes`. */
  mode: text,
  /** People to be asked. */
  n: integer,
  key: hash,
  proof: proofForm,
  /** Of the roster. */
  root: hash,
  code: text,
  /** Of the roster. */
  size: integer,
  /** Size of the register; 0: not known. */
  official: integer,
  logged_at: text,
  opened_at: text,
  local: list(object(throwShape)),
  /** Attempts to ask somebody, in the order of time. */
  contacts: list(object({ key: text, at: text, result: text })),
}

const recordForm = object(recordShape)

/** Reads a record. */
export function parseSiteRecord(bytes: Uint8Array): SiteRecord {
  return decode(bytes, recordForm)
}

/**
 * Results of a contact after which somebody is not tried again and the next may be
 * asked; by AAPOR's standard definitions 2.1, 2.3 and 4 (a name that nobody bears, too).
 */
const finals = ['refusal', 'other', 'not-eligible']

/** Results after which somebody is tried again: 2.2 and 3. */
const opens = ['non-contact', 'unknown']

/** How often somebody who is not there is tried before the next. */
const attemptsMin = 2

/** Bounds of a roster's size against the register's, in per cent, beyond which it is flagged. */
const [sizeLow, sizeHigh] = [70, 130]

/** What is verified. */
export interface SiteFiles {
  readonly record: Uint8Array
  /** Of the ceremony that gave the site its key. */
  readonly certificate: Uint8Array
  readonly roster: Uint8Array
}

/**
 * Checks a site's record against the certificate of its ceremony and the roster, which
 * people have been asked in order.
 */
export function verifySite(files: SiteFiles): Verification {
  const verifier = new SiteVerifier(files)
  return { steps: verifier.steps(), result: verifier.result, hash: verifier.hash }
}

interface Read {
  readonly record: SiteRecord
  readonly certificate: Certificate
  readonly roster: Roster
}

class SiteVerifier {
  hash: Hash = noHash
  readonly #files: SiteFiles
  readonly #steps = new Steps()

  constructor(files: SiteFiles) {
    this.#files = files
  }

  get result(): Verification['result'] {
    return this.#steps.result
  }

  steps(): readonly Step[] {
    let read: Read | undefined
    const form = this.#steps.do('verify-form', () => {
      read = this.#parse()
    })
    const step = (name: Step['name'], check: (read: Read) => void) =>
      this.#steps.do(name, () => {
        if (read === undefined) throw new Error('verify site: nothing was read')
        check(read)
      })
    return [
      form,
      step('verify-openings', ({ certificate: { plan, reveals } }) => {
        checkReveals(plan, reveals)
      }),
      step('verify-site-key', checkSiteKey),
      step('verify-roster', (all) => {
        this.#roster(all)
      }),
      step('verify-times', ({ record }) => {
        checkTimes(record)
        if (record.mode === 'local') this.#steps.note('note-local', record.site)
      }),
      step('verify-contacts', (all) => {
        this.#contacts(all)
      }),
    ]
  }

  #parse(): Read {
    const record = parseSiteRecord(this.#files.record)
    if (record.spec !== spec) throw refusal('spec-unknown', record.spec)
    const certificate = readCertificate(this.#files.certificate)
    this.hash = certificateHash(certificate)
    const roster = readRoster(this.#files.roster)
    checkPlan(certificate.plan)
    return { record, certificate, roster }
  }

  #roster({ record, roster }: Read): void {
    const [have, code, size] = [
      rosterRoot(roster),
      rosterCode(roster, record.site),
      rosterSize(roster),
    ]
    if (have !== record.root) throw refusal('roster-root', have, record.root)
    if (code !== record.code) throw refusal('roster-code', record.code, code)
    if (size !== record.size) throw refusal('roster-size', String(size), String(record.size))
    const { official } = record
    const share = BigInt(size) * 100n
    const low = share < BigInt(official) * BigInt(sizeLow)
    if (official > 0 && (low || share > BigInt(official) * BigInt(sizeHigh))) {
      this.#steps.note('note-roster', String(size), String(official))
    }
  }

  #contacts({ record, certificate: { throws }, roster }: Read): void {
    const key = siteDraw(record.plan_hash, record, throws, record.local)
    const asking = new Asking(
      record,
      orderOf(roster, record.site, key).map((one) => one.key),
    )
    for (const [i, contact] of record.contacts.entries()) asking.take(contact, String(i + 1))
    const { done, used } = asking
    this.#steps.note('note-asked', String(done), String(record.n), String(used))
  }
}

function checkSiteKey({ record, certificate }: Read): void {
  const { plan, plan_hash: known, throws } = certificate
  if (planHash(plan) !== known || record.plan_hash !== known) {
    throw refusal('plan-hash', record.plan_hash, known)
  }
  const { sites } = plan
  if (sites === undefined || record.proof.n !== sites.n) throw refusal('site-key', record.site)
  if (!holdsSite(record.proof, record, sites.root)) throw refusal('site-key', record.site)
  checkThrows(plan, throws)
}

/** Wants the code to have been told before the key was opened. */
function checkTimes(record: SiteRecord): void {
  const { n, logged_at: logged, opened_at: opened, mode, local } = record
  const [told, begun] = [parseTime(logged), parseTime(opened)]
  if (n < 1) throw refusal('site-n', String(n))
  if (!modes.includes(mode)) throw refusal('site-mode', mode)
  if (begun < told) throw refusal('site-early', opened, logged)
  if ((mode === 'local') !== local.length > 0) throw refusal('site-local', mode)
}

/**
 * People are asked in the order of the draw: the next one only when somebody before
 * could not be asked.
 */
class Asking {
  /** People who were interviewed. */
  done = 0
  readonly #order: readonly string[]
  readonly #first: number
  readonly #places: ReadonlyMap<string, number>
  readonly #tried = new Map<string, number>()
  readonly #closed = new Set<string>()
  #allowed: number
  #last: string

  constructor(record: SiteRecord, order: readonly string[]) {
    this.#order = order
    this.#places = new Map(order.map((key, i) => [key, i]))
    this.#first = Math.min(record.n, order.length)
    this.#allowed = this.#first
    this.#last = record.opened_at
  }

  /** How many of the reserve were used. */
  get used(): number {
    return this.#allowed - this.#first
  }

  /** Checks a contact, the first of which has the number 1. */
  take({ key, at, result }: SiteRecord['contacts'][number], number: string): void {
    parseTime(at)
    if (at < this.#last) throw refusal('contact-time', number, at)
    const place = this.#places.get(key)
    if (place === undefined) throw refusal('contact-stranger', number, key)
    if (this.#closed.has(key)) throw refusal('contact-again', number, key)
    if (place >= this.#allowed) {
      throw refusal('contact-order', number, key, this.#order[this.#allowed - 1] ?? '')
    }
    this.#last = at
    this.#conclude(key, result, number)
  }

  #conclude(key: string, result: string, number: string): void {
    const tried = (this.#tried.get(key) ?? 0) + 1
    this.#tried.set(key, tried)
    if (opens.includes(result)) {
      if (tried === attemptsMin) this.#allowNext() // and this one may be asked again
      return
    }
    if (result !== 'completed' && !finals.includes(result)) {
      throw refusal('contact-result', number, result)
    }
    this.#closed.add(key)
    if (result === 'completed') this.done++
    else this.#allowNext()
  }

  #allowNext(): void {
    this.#allowed = Math.min(this.#allowed + 1, this.#order.length)
  }
}
