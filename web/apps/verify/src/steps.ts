/** What was checked, one step to a line. */
import { say, sayProblem, type Language, type Step } from '@sansuiji/draw'

import { el } from './dom'
import type { Shown } from './page'
import { signs } from './verdict'
import { words } from './words'

/** The steps that are done. */
export function stepsPart({ language, steps, state }: Shown): HTMLElement | undefined {
  if (steps.length === 0) return undefined
  return el(
    'section',
    { class: 'part', 'aria-busy': String(state === 'running') },
    el('h2', {}, words[language].steps),
    el('ol', { class: 'steps' }, ...steps.map((step) => line(language, step))),
  )
}

function line(language: Language, step: Step): HTMLElement {
  const { name, result, problem, notes } = step
  const skipped = result === 'unknown' && problem === undefined
  const mark = skipped ? '–' : signs[result]
  const said = skipped ? words[language].notDone : say(language, result)
  return el(
    'li',
    { class: `step ${skipped ? 'skipped' : result}` },
    el('span', { class: 'mark', role: 'img', 'aria-label': said }, mark),
    el(
      'div',
      {},
      el('p', {}, say(language, name)),
      problem && el('p', { class: 'problem' }, sayProblem(language, problem)),
      ...notes.map((note) => el('p', { class: 'note' }, sayProblem(language, note))),
    ),
  )
}
