/** The verdict, and the hash that people compare with the published one. */
import { sayProblem, say, type Language, type Result } from '@sansuiji/draw'

import { el } from './dom'
import { groupsOf } from './files'
import type { Shown } from './page'
import type { Ceremony, Report } from './report'
import { siteWords } from './siteWords'
import { words } from './words'

/** Signs beside the words, for who does not see colours. */
export const signs: Readonly<Record<Result, string>> = { holds: '✓', fails: '✕', unknown: '?' }

/** What keeps a verification from a verdict, in a few words; nothing if it is done. */
export function statusOf(shown: Shown): string | undefined {
  const { language, state, missing, sites, wrongHash } = shown
  const w = words[language]
  if (wrongHash !== undefined) return wrongHash
  if (state === 'crashed') return w.crashed
  if (state === 'running') {
    return sites.length > 0 ? siteWords[language].progress(sites.length) : w.running
  }
  if (missing.length > 0) return w.waiting(missing.map((role) => w[role]).join(w.and))
  return undefined
}

/** What keeps a verification from a verdict. */
export function statusPart(shown: Shown): HTMLElement | undefined {
  const { state, wrongHash } = shown
  const said = statusOf(shown)
  const tone = state === 'crashed' || wrongHash !== undefined ? 'bad' : state
  return said === undefined ? undefined : el('p', { class: `status ${tone}` }, said)
}

/** A verdict, and what is said with it. */
interface Verdict {
  readonly result: Result
  /** On what. */
  readonly label: string
  readonly reasons: readonly string[]
  /** What must not be missed below. */
  readonly warnings: readonly string[]
}

/** A verdict, large. */
export function verdictBox(
  language: Language,
  { result, label, reasons, warnings }: Verdict,
  beside: HTMLElement | undefined,
): HTMLElement {
  const said = say(language, result)
  return el(
    'section',
    { class: `verdict ${result}`, 'aria-label': `${label}: ${said}` },
    el(
      'div',
      {},
      el('p', { class: 'soft' }, label),
      el('p', { class: 'result' }, sign(result), el('span', {}, said)),
      ...reasons.map((reason) => el('p', { class: 'reason' }, reason)),
      ...warnings.map((warning) => el('p', { class: 'void' }, warning)),
    ),
    beside,
  )
}

/** The verdict on a draw. */
export function verdictPart(shown: Shown, report: Report): HTMLElement {
  const { language, steps } = shown
  const voids = steps.flatMap((step) => step.notes).filter(({ code }) => code === 'note-void')
  return verdictBox(
    language,
    {
      result: report.result,
      label: words[language].ceremony,
      reasons: reasons(shown, report),
      warnings: voids.map((note) => sayProblem(language, note)),
    },
    hashesOf(language, report),
  )
}

function sign(result: Result): HTMLElement {
  return el('span', { class: 'sign', 'aria-hidden': 'true' }, signs[result])
}

/** Why the verdict is what it is. */
function reasons({ language, steps }: Shown, { result, certificate }: Report): readonly string[] {
  const w = words[language]
  if (result === 'holds') return [w.leadHolds]
  const problem = steps.find((step) => step.problem !== undefined)?.problem
  const lead = result === 'fails' ? w.leadFails : w.leadUnknown
  if (problem !== undefined) return [sayProblem(language, problem), lead]
  return certificate === undefined ? [lead] : [w.needsLog(certificate.plan.seq)]
}

/** The hashes of a ceremony; nothing if its certificate cannot be read. */
export function hashesOf(
  language: Language,
  { certificate, hash, head }: Ceremony,
): HTMLElement | undefined {
  if (certificate === undefined) return undefined
  const w = words[language]
  return el(
    'div',
    { class: 'hashes' },
    el('h2', {}, w.hash),
    el('p', { class: 'hash', translate: 'no' }, ...groups(hash)),
    el('p', { class: 'soft' }, w.compare),
    smallHash(w.planHash, certificate.plan_hash),
    head === undefined ? undefined : smallHash(w.headHash, head),
  )
}

function groups(hash: string): readonly Node[] {
  return groupsOf(hash).flatMap((group) => [el('span', {}, group), document.createTextNode(' ')])
}

function smallHash(label: string, hash: string): HTMLElement {
  return el(
    'details',
    {},
    el('summary', {}, label),
    el('p', { class: 'hash small', translate: 'no' }, ...groups(hash)),
  )
}
