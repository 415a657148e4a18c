/** Verifies the records of sites, each with the roster that it names. */
import {
  parseSiteRecord,
  problemOf,
  readCertificate,
  readRoster,
  rosterRoot,
  SiteVerifier,
  type Hash,
  type Result,
  type SiteRecord,
  type Step,
} from '@sansuiji/draw'

import { asksOf, type Asks } from './asked'
import type { ReadFile } from './files'
import { ceremonyOf, type Ceremony } from './report'

/** What is verified of sites. */
export interface SitesFiles {
  /** Of the ceremony that gave the sites their keys. */
  readonly certificate: Uint8Array
  readonly records: readonly ReadFile[]
  /** In any order. */
  readonly rosters: readonly ReadFile[]
  readonly known: readonly Hash[]
}

/** What a site's record came to. */
export interface SiteReport {
  /** The names of its files; undefined if no roster fits. */
  readonly file: string
  readonly roster: string | undefined
  readonly result: Result
  readonly steps: readonly Step[]
  /** Undefined if it cannot be read. */
  readonly record: SiteRecord | undefined
  /** Undefined if its files cannot all be read, or another key was used. */
  readonly asks: Asks | undefined
}

/** What there is to say of all sites together. */
export interface SitesReport extends Ceremony {
  /** The names of rosters that no record names. */
  readonly strays: readonly string[]
}

/** Verifies one site after the other, and reports. */
export function* checkingSites(files: SitesFiles): Generator<SiteReport, SitesReport, undefined> {
  const { pairs, strays } = paired(files.records, files.rosters)
  for (const pair of pairs) yield reportOf(files, pair)
  return {
    ...ceremonyOf(tried(() => readCertificate(files.certificate))),
    strays: strays.map(({ name }) => name),
  }
}

interface Pair {
  readonly file: ReadFile
  readonly record: SiteRecord | undefined
  readonly roster: ReadFile | undefined
}

interface Paired {
  readonly pairs: readonly Pair[]
  readonly strays: readonly ReadFile[]
}

/** Finds each record's roster by its root. Where one of each is left, they belong together. */
function paired(records: readonly ReadFile[], rosters: readonly ReadFile[]): Paired {
  const roots = rosters.map((file) => tried(() => rosterRoot(readRoster(file.bytes))))
  const pairs = records.map((file) => {
    const record = tried(() => parseSiteRecord(file.bytes))
    const roster = record && rosters[roots.indexOf(record.root)]
    return { file, record, roster }
  })
  const [lone, ...others] = pairs.filter(({ roster }) => roster === undefined)
  const strays = rosters.filter((file) => !pairs.some(({ roster }) => roster === file))
  if (lone === undefined || others.length > 0 || strays.length !== 1) return { pairs, strays }
  const whole = pairs.map((pair) => (pair === lone ? { ...pair, roster: strays[0] } : pair))
  return { pairs: whole, strays: [] }
}

/** What was read, or nothing: what is wrong with a file, its verification says. */
function tried<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    problemOf(error)
    return undefined
  }
}

function reportOf({ certificate, known }: SitesFiles, { file, record, roster }: Pair): SiteReport {
  const names = { file: file.name, roster: roster?.name }
  if (record !== undefined && roster === undefined) {
    return { ...names, record, result: 'unknown', steps: [], asks: undefined }
  }
  const empty = new Uint8Array() // a record that cannot be read names no roster
  const parts = { record: file.bytes, certificate, roster: roster?.bytes ?? empty, known }
  const verifier = new SiteVerifier(parts)
  const steps = verifier.steps()
  const keyed = steps.some(({ name, result }) => name === 'verify-site-key' && result === 'holds')
  const asks = keyed && verifier.read ? asksOf(verifier.read) : undefined
  return { ...names, record, result: verifier.result, steps, asks }
}
