/** Codes that people read to each other: Crockford's base 32, in groups of four. */

/** Nobody takes one of these for another; U is none of them. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Letters of a roster code. */
export const codeLength = 12
const groupLength = 4

/** What was meant by a text: capitals, O as 0, I and L as 1, and nothing between them. */
function meant(text: string): readonly string[] {
  const plain = text.normalize('NFKC').toUpperCase()
  return Array.from(plain.replaceAll('O', '0').replaceAll(/[IL]/g, '1'))
}

/** The letters of a roster code in a text, no more than it has. */
export function lettersOf(text: string): string {
  return meant(text)
    .filter((letter) => alphabet.includes(letter))
    .slice(0, codeLength)
    .join('')
}

/** Letters and digits in a text that no code has, each once. */
export function strangersIn(text: string): readonly string[] {
  const strange = meant(text).filter(
    (letter) => /[\p{L}\p{N}]/u.test(letter) && !alphabet.includes(letter),
  )
  return [...new Set(strange)]
}

export function groupsOf(letters: string): readonly string[] {
  return letters.match(/.{1,4}/g) ?? []
}

export function isWhole(letters: string): boolean {
  return letters.length === codeLength
}

/** A field's text with the place of its caret. */
export interface Typed {
  readonly text: string
  readonly caret: number
}

/** What a field shows of what was typed, the caret behind the same letter as before. */
export function tidied({ text, caret }: Typed): Typed {
  const before = lettersOf(text.slice(0, caret)).length
  const gaps = before === 0 ? 0 : Math.floor((before - 1) / groupLength)
  return { text: groupsOf(lettersOf(text)).join('-'), caret: before + gaps }
}
