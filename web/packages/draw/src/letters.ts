/** Bytes as letters that are read aloud: Crockford's base 32. */

/** Nobody takes one of these for another. */
export const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Letters as people write them: in small ones, with spaces and hyphens, O for 0, I and L for 1. */
export function plainLetters(text: string): string {
  const plain = Array.from(text.replace(/[ -]/g, ''), capital).join('')
  return plain.replaceAll('O', '0').replace(/[IL]/g, '1')
}

/** A letter's capital, where that is one letter. */
function capital(letter: string): string {
  const upper = letter.toUpperCase()
  return upper.length === letter.length ? upper : letter
}

/** Whether a text has none but letters. */
export function isLetters(text: string): boolean {
  return Array.from(text).every((letter) => letters.includes(letter))
}

/** Bytes in letters, five bits each, the highest first, cut off at whole letters. */
export function lettersOf(bytes: Uint8Array): string {
  let [text, bits, value] = ['', 0, 0]
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff
    bits += 8
    for (; bits >= 5; bits -= 5) text += letters.charAt((value >> (bits - 5)) & 31)
  }
  return text
}

/** The bytes of letters; what is over at the end is left out. */
export function bytesOf(text: string): Uint8Array {
  const bytes: number[] = []
  let [bits, value] = [0, 0]
  for (const letter of text) {
    value = ((value << 5) | letters.indexOf(letter)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 0xff)
  }
  return Uint8Array.from(bytes)
}

/**
 * Letters as a polynomial over the field of 32 elements (x^5+x^2+1), at its generator:
 * it finds every wrong letter, and every two that changed places.
 */
export function checkOf(text: string): string {
  let sum = 0
  for (const letter of text) {
    sum <<= 1
    if (sum > 31) sum ^= 0b100101
    sum ^= letters.indexOf(letter)
  }
  return letters.charAt(sum)
}

/** Letters in groups of four. */
export function grouped(text: string): string {
  return (text.match(/.{1,4}/g) ?? []).join('-')
}
