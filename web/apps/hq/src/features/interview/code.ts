/** Codes that people read to each other: Crockford's base 32, in groups of four. */
import { isLetters, parseRosterCode, plainLetters, rosterCodeLength } from '@sansuiji/draw'

const groupLength = 4

/** What was meant by a text, letter by letter; wide letters are letters too. */
function meant(text: string): readonly string[] {
  return Array.from(plainLetters(text.normalize('NFKC')))
}

/** The letters of a roster code in a text, no more than it has. */
export function lettersOf(text: string): string {
  return meant(text).filter(isLetters).slice(0, rosterCodeLength).join('')
}

/** Letters and digits in a text that no code has, each once. */
export function strangersIn(text: string): readonly string[] {
  const strange = meant(text).filter((letter) => /[\p{L}\p{N}]/u.test(letter) && !isLetters(letter))
  return [...new Set(strange)]
}

export function groupsOf(letters: string): readonly string[] {
  return letters.match(/.{1,4}/g) ?? []
}

export function isWhole(letters: string): boolean {
  try {
    parseRosterCode(letters)
    return true
  } catch {
    return false
  }
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
