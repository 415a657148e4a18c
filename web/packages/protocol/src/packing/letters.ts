/**
 * Texts are written in a form of one or two bytes a Chinese character: below
 * 0x80 a byte is a place in `common`; 0x80 to 0xfe is the upper byte of 0x8000 +
 * a place in `ranges`; 0xff comes before any other character in three bytes.
 */
import type { Sink } from './sink'

/**
 * Digits and signs, then the characters that were most frequent in the
 * catalogue's words when this format was made. They belong to the format and
 * never change with the catalogue.
 */
const common =
  '0123456789 .,:%-/()+\n' +
  '。已請內查容，人部總員整會用時新理的記重間不備存完改核處設原始保名度應登目碼組位試單器更錄；務回後或有服次' +
  '被使批無繫聯題一上了作問在對提數發自過交修動取地定審待成未本法稱號行表驗（）仍他停分可性按撤操條求現管結變責'

const escape = 0xff

interface Range {
  readonly first: number
  readonly end: number
  readonly place: number
}

const ranges: readonly Range[] = [
  { first: 0x4e00, end: 0xa000, place: 0 },
  { first: 0x2000, end: 0x3100, place: 0x5200 },
  { first: 0xff00, end: 0x10000, place: 0x6300 },
  { first: 0, end: 0x1b00, place: 0x6400 },
]

const letters = Array.from(common)
const codes = new Map(letters.map((letter, code) => [letter, code]))

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of bytes, or nothing if they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** Appends the written form of a text. */
export function pushCode(sink: Sink, text: string): void {
  for (const letter of text) {
    const code = codes.get(letter)
    if (code === undefined) pushWide(sink, letter.codePointAt(0) ?? 0)
    else sink.push(code)
  }
}

function pushWide(sink: Sink, c: number): void {
  const range = ranges.find((r) => c >= r.first && c < r.end)
  if (range) {
    const place = c - range.first + range.place
    sink.push(0x80 | (place >> 8))
    sink.push(place & 0xff)
    return
  }
  for (const byte of [escape, c >> 16, (c >> 8) & 0xff, c & 0xff]) sink.push(byte)
}

/** Reads the character at the front of a code, and how many bytes it takes; nothing if none. */
export function letterAt(code: Uint8Array, at: number): readonly [string, number] | undefined {
  const [first, second, third, fourth] = code.subarray(at, at + 4)
  if (first === undefined) return undefined
  if (first < 0x80) return [letters[first] ?? '', 1]
  if (second === undefined) return undefined
  if (first !== escape) return [String.fromCodePoint(wideAt(((first & 0x7f) << 8) | second)), 2]
  if (third === undefined || fourth === undefined) return undefined
  const c = (second << 16) | (third << 8) | fourth
  const isLetter = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff)
  return isLetter ? [String.fromCodePoint(c), 4] : undefined
}

function wideAt(place: number): number {
  const range = ranges.findLast((r) => place >= r.place) ?? { first: 0, place: 0 }
  return place - range.place + range.first
}
