/** Colours of how a sign-off ended. */
import type { Tone } from '../../parts/tones'

export const signoffTones: Readonly<Record<string, Tone>> = {
  signed: 'good',
  refused: 'bad',
  absent: 'warn',
}
