/** Which words name an alarm. */
import type { AlarmView } from '@sansuiji/local'

/** The key of an alarm's words by its kind. */
export const wordsOfKind: Readonly<Record<AlarmView['kind'], string>> = {
  'rolled-back': 'rolledBack',
  forked: 'forked',
  unverifiable: 'unverifiable',
}
