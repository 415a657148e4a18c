/** Whether people at a site were asked as chance had it. */
import { Asking, contactShape } from './asking'
import { compareText, noHash, spec, type Hash, type Key } from './bytes'
import { checkThrown } from './ceremony'
import { certificateHash, checkKnown, type Certificate } from './certificate'
import { decode, hash, integer, list, object, text, type Of } from './form'
import { proofForm } from './merkle'
import { planHash } from './plan'
import { checkPlan } from './planCheck'
import { refusal, type Note } from './problem'
import {
  householdMax,
  orderOf,
  readRoster,
  rosterCode,
  rosterRoot,
  rosterSize,
  within,
  type Chosen,
  type Roster,
} from './roster'
import { checkReveals, throwShape } from './seed'
import { checkLocal, holdsSite, siteDraw } from './site'
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
  /** Who of the people behind a door is asked, sorted by door. */
  households: list(object({ key: text, people: integer, chosen: integer })),
  /** Attempts to ask somebody, in the order of time. */
  contacts: list(object(contactShape)),
}

const recordForm = object(recordShape)

/** Reads a record. */
export function parseSiteRecord(bytes: Uint8Array): SiteRecord {
  return decode(bytes, recordForm)
}

/** Bounds of a roster's size against the register's, in per cent, beyond which it is flagged. */
const [sizeLow, sizeHigh] = [70, 130]

/** What is verified. */
export interface SiteFiles {
  readonly record: Uint8Array
  /** Of the ceremony that gave the site its key. */
  readonly certificate: Uint8Array
  readonly roster: Uint8Array
  /** Hashes that the reader has from where the ceremony was published. */
  readonly known?: readonly Hash[]
}

/**
 * Checks a site's record against the certificate of its ceremony and the roster, which
 * people have been asked in order.
 */
export function verifySite(files: SiteFiles): Verification {
  const verifier = new SiteVerifier(files)
  return { steps: verifier.steps(), result: verifier.result, hash: verifier.hash }
}

/** The files of a site, read. */
export interface SiteRead {
  readonly record: SiteRecord
  readonly certificate: Certificate
  readonly roster: Roster
}

/** Checks a site's record; what was read of it can be shown. */
export class SiteVerifier {
  hash: Hash = noHash
  /** Once all three files were read. */
  read: SiteRead | undefined
  readonly #files: SiteFiles
  readonly #steps = new Steps()

  constructor(files: SiteFiles) {
    this.#files = files
  }

  get result(): Verification['result'] {
    return this.#steps.result
  }

  steps(): readonly Step[] {
    const { known = [] } = this.#files
    const form = this.#steps.do('verify-form', () => {
      this.read = this.#parse()
    })
    const step = (name: Step['name'], check: (read: SiteRead) => void) =>
      this.#steps.do(name, () => {
        if (this.read === undefined) throw new Error('verify site: nothing was read')
        check(this.read)
      })
    const ofKnown = (): Step =>
      step('verify-known', ({ certificate }) => {
        this.#note(checkKnown(certificate, known))
      })
    return [
      form,
      step('verify-openings', ({ certificate: { plan, reveals } }) => {
        checkReveals(plan, reveals)
      }),
      step('verify-site-key', (all) => {
        if (known.length === 0) this.#steps.note('note-unpublished')
        this.#note(checkSiteKey(all))
      }),
      step('verify-roster', (all) => {
        this.#roster(all)
      }),
      step('verify-times', (all) => {
        const { record } = all
        checkTimes(all)
        if (record.mode === 'local') this.#steps.note('note-local', record.site)
      }),
      step('verify-households', checkHouseholds),
      step('verify-contacts', (all) => {
        this.#contacts(all)
      }),
      ...(known.length > 0 ? [ofKnown()] : []),
    ]
  }

  #note(notes: readonly Note[]): void {
    for (const { code, args } of notes) this.#steps.note(code, ...args)
  }

  #parse(): SiteRead {
    const record = parseSiteRecord(this.#files.record)
    if (record.spec !== spec) throw refusal('spec-unknown', record.spec)
    const certificate = readCertificate(this.#files.certificate)
    this.hash = certificateHash(certificate)
    const roster = readRoster(this.#files.roster)
    checkPlan(certificate.plan)
    return { record, certificate, roster }
  }

  #roster({ record, roster }: SiteRead): void {
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

  #contacts(read: SiteRead): void {
    const { record } = read
    const asking = new Asking(record, siteOrder(read))
    for (const contact of record.contacts) asking.take(contact)
    const { done, used } = asking
    this.#steps.note('note-asked', String(done), String(record.n), String(used))
  }
}

/** In what order people of a site are asked. */
export function siteOrder(read: SiteRead): readonly Chosen[] {
  return orderOf(read.roster, read.record.site, keyOf(read))
}

/** What draws at the record's site. */
function keyOf({ record, certificate: { throws } }: SiteRead): Key {
  return siteDraw(record.plan_hash, record, throws, record.local)
}

/** The one behind a door must be the one whom chance chose. */
function checkHouseholds(read: SiteRead): void {
  const { record, roster } = read
  const key = keyOf(read)
  for (const [i, { key: door, people, chosen }] of record.households.entries()) {
    const before = record.households[i - 1]?.key
    const rising = before === undefined || compareText(door, before) > 0
    if (!rising || !roster.some((one) => one.key === door)) throw refusal('household-door', door)
    if (people < 1 || people > householdMax) {
      throw refusal('household-people', door, String(people))
    }
    const want = within(record.site, door, people, key)
    if (chosen !== want) throw refusal('household-chosen', door, String(chosen), String(want))
  }
}

/** The key must be of a plan that was out before the dice; gives what a reader should know. */
function checkSiteKey({ record, certificate }: SiteRead): readonly Note[] {
  const { plan, plan_hash: known, status } = certificate
  if (planHash(plan) !== known || record.plan_hash !== known) {
    throw refusal('plan-hash', record.plan_hash, known)
  }
  const { sites } = plan
  if (sites === undefined || record.proof.n !== sites.n) throw refusal('site-key', record.site)
  if (!holdsSite(record.proof, record, sites.root)) throw refusal('site-key', record.site)
  if (status !== 'done') throw refusal('site-undone', status)
  return checkThrown(certificate)
}

/** Wants the code to have been told before the key was opened. */
function checkTimes({ record, certificate: { plan } }: SiteRead): void {
  const { n, logged_at: logged, opened_at: opened, mode, local } = record
  const [told, begun] = [parseTime(logged), parseTime(opened)]
  const ask = plan.sites?.ask
  if (n !== ask) throw refusal('site-n', String(n), String(ask))
  if (!plan.sites?.modes.includes(mode)) throw refusal('site-mode', mode)
  if (begun < told) throw refusal('site-early', opened, logged)
  if ((mode === 'local') !== local.length > 0) throw refusal('site-local', mode)
  checkLocal(local)
}
