/** Which colour says what came of an attempt. */
import type { Tone } from '../../parts/tones'

/** Colours of a contact's result. */
export const contactTones: Readonly<Record<string, Tone>> = {
  completed: 'good',
  refusal: 'bad',
  'non-contact': 'warn',
  other: 'bad',
  unknown: 'warn',
  'not-eligible': 'plain',
}
