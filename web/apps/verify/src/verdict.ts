/** The verdict, and the hash that people compare with the published one. */
import { sayProblem, say, type Language, type Result } from '@sansuiji/draw'

import { el } from './dom'
import { groupsOf } from './files'
import type { Shown } from './page'
import type { Report } from './report'
import { words } from './words'

/** Signs beside the words, for who does not see colours. */
export const signs: Readonly<Record<Result, string>> = { holds: '✓', fails: '✕', unknown: '?' }

/** What there is to say of a verification, in a few words. */
export function wordsOf(shown: Shown): string {
  const { language, state, report, missing, wrongHash } = shown
  const w = words[language]
  if (wrongHash !== undefined) return wrongHash
  if (state === 'crashed') return w.crashed
  if (state === 'running') return w.running
  if (report === undefined) return w.waiting(missing.map((role) => w[role]).join(w.and))
  return say(language, report.result)
}

/** The verdict; or what it waits for. */
export function verdictPart(shown: Shown): HTMLElement {
  const { language, report, state, wrongHash } = shown
  if (report === undefined) {
    const tone = state === 'crashed' || wrongHash !== undefined ? 'bad' : state
    return el('p', { class: `status ${tone}` }, wordsOf(shown))
  }
  const { result } = report
  return el(
    'section',
    { class: `verdict ${result}`, 'aria-label': say(language, result) },
    el(
      'div',
      {},
      el('p', { class: 'result' }, sign(result), el('span', {}, say(language, result))),
      ...reasons(shown, report).map((reason) => el('p', { class: 'reason' }, reason)),
      ...voidNote(shown),
    ),
    hashes(language, report),
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

/** That a ceremony is void must not be missed below. */
function voidNote({ language, steps }: Shown): readonly HTMLElement[] {
  const notes = steps.flatMap((step) => step.notes).filter(({ code }) => code === 'note-void')
  return notes.map((note) => el('p', { class: 'void' }, sayProblem(language, note)))
}

function hashes(language: Language, { certificate, hash, head }: Report): HTMLElement | undefined {
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
