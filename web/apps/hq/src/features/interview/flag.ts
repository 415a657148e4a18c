/** What is remarkable about a site, in words and colours. */
import { sayProblem, type Problem } from '@sansuiji/draw'
import type { Language } from '@sansuiji/protocol'

import type { Tone } from '../../parts/tone'
import type { Flag, State } from './filter'

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

/** The words of a code of the draws' norm. What it names is not known here. */
export function wordsOfProblem(code: string, language: Language): string {
  try {
    return sayProblem(language, { code, args: [] } as unknown as Problem).replaceAll(/\{\d\}/g, '…')
  } catch {
    return code // of a server that knows more
  }
}
