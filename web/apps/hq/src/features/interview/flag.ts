/** What is remarkable about a site, in words and colours. */
import { sayProblem, type Problem } from '@sansuiji/draw'
import type { Language } from '@sansuiji/protocol'

import type { Tone } from '../../parts/tone'
import type { Flag, State } from './filter'
import * as problemWords from './problemWords'

const grave: readonly Flag[] = ['fails', 'openings', 'other-code', 'mirror-other']
const mild: readonly Flag[] = ['mirror-waits']

export function toneOfFlag(flag: Flag): Tone {
  if (grave.includes(flag)) return 'bad'
  return mild.includes(flag) ? 'info' : 'warn'
}

const stateTones: Readonly<Record<State, Tone>> = {
  none: 'neutral',
  roster: 'neutral',
  told: 'warn',
  opened: 'info',
  done: 'good',
}

export function toneOfState(state: State): Tone {
  return stateTones[state]
}

/**
 * The words of a code of the draws' norm: its own sentence where all that it names is
 * given, else one that names nothing.
 */
export function wordsOfProblem(
  code: string,
  language: Language,
  args: readonly string[] = [],
): string {
  const sentence = sentenceOf({ code, args }, language)
  if (sentence !== undefined && !/\{\d\}/.test(sentence)) return sentence
  return problemWords[language][code] ?? code // of a server that knows more
}

function sentenceOf(
  problem: { readonly code: string; readonly args: readonly string[] },
  language: Language,
): string | undefined {
  try {
    return sayProblem(language, problem as Problem)
  } catch {
    return undefined // no code of this program's norm
  }
}
