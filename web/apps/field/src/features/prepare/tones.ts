/** Colours of how ready a phone is. */
import type { Readiness } from '@sansuiji/local'

import type { Tone } from '../../parts/tones'

export const verdictTones: Readonly<Record<Readiness['verdict'], Tone>> = {
  ready: 'good',
  unready: 'bad',
  unchecked: 'warn',
}
