/** Which texts answer a question. */
import { clean } from './write'

export type QuestionKind = 'yesno' | 'choice' | 'scale' | 'number' | 'text'

/** What decides which answers fit. */
export interface Asked {
  readonly kind: QuestionKind
  readonly options: readonly string[]
  readonly scaleMax: number
}

/** The value as it is kept; undefined when it is no answer to the question. */
export function fitting({ kind, options, scaleMax }: Asked, value: string): string | undefined {
  const words = clean(value)
  switch (kind) {
    case 'yesno':
      return words === 'yes' || words === 'no' ? words : undefined
    case 'choice':
      return options.includes(words) ? words : undefined
    case 'scale':
      return isMark(Number(words), scaleMax) ? String(Number(words)) : undefined
    case 'number':
      return numberText(words)
    case 'text':
      return words
  }
}

function isMark(mark: number, max: number): boolean {
  return Number.isInteger(mark) && mark >= 1 && mark <= max
}

/** A decimal number as typed on any keyboard, full-width digits and grouping commas too. */
function numberText(words: string): string | undefined {
  const plain = words.normalize('NFKC').replaceAll(',', '').trim()
  if (!/^[+-]?\d{1,15}(\.\d{1,6})?$/.test(plain)) return undefined
  return String(Number(plain))
}
