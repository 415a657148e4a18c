/** Sentences that the check on the command line has too: server/report/evidence/words.json. */
import texts from '../../../../server/report/evidence/words.json'

import type { Label } from './report'

/** A code that there is a sentence for; the names of steps and results are some. */
export type Code = keyof typeof texts

/** A sentence, with what is put into its places. */
export function textFor(code: Code, values: Readonly<Record<string, string>> = {}): Label {
  const { zh, en } = texts[code]
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (hole: string, name: string) => values[name] ?? hole)
  return { zh: fill(zh), en: fill(en) }
}

/** What no check of a file proves. */
export const limits: readonly Label[] = (
  ['limit-document', 'limit-history', 'limit-truth'] as const
).map((code) => textFor(code))
