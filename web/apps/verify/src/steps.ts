/** What was checked, one step to a line. */
import { say, sayProblem, type Language, type Step } from '@sansuiji/draw'

import { el } from './dom'
import { signs } from './verdict'
import { words } from './words'

/** The steps that are done. */
export function stepsPart(
  language: Language,
  steps: readonly Step[],
  busy: boolean,
): HTMLElement | undefined {
  if (steps.length === 0) return undefined
  return el(
    'section',
    { class: 'part', 'aria-busy': String(busy) },
    el('h2', {}, words[language].steps),
    stepsOf(language, steps),
  )
}

/** Steps as a list. */
export function stepsOf(language: Language, steps: readonly Step[]): HTMLElement {
  return el('ol', { class: 'steps' }, ...steps.map((step) => line(language, step)))
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
