/** The words for a failure of the store. */
import { sayProblem } from '@sansuiji/draw'
import type { Failure } from '@sansuiji/local'
import type { Language } from '@sansuiji/protocol'
import { brokenMessage, offlineMessage, problemMessage, type Message } from '@sansuiji/ui'

import { en, zh } from './words'

/** What happened and what to do. */
export function failureMessage(failure: Failure, language: Language): Message {
  const words = language === 'zh' ? zh : en
  switch (failure.kind) {
    case 'problem':
      return problemMessage(failure.problem, language)
    case 'offline':
      return offlineMessage(language)
    case 'key-missing':
      return { ...words.keyMissing, detail: '' }
    case 'newer-database':
      return { ...words.newerDatabase, detail: '' }
    case 'no-space':
      return { ...words.noSpace, detail: '' }
    case 'missing':
      return { title: missingWord(words.missing, failure.field), advice: '', detail: '' }
    case 'refused': {
      const args = failure.args.map((one) => one || words.nobody)
      return { title: filled(words.refused[failure.code], args), advice: '', detail: '' }
    }
    case 'draw':
      return { title: sayProblem(language, failure.problem), advice: '', detail: '' }
    case 'photo':
      return { ...words.photoFault[failure.code], detail: '' }
    case 'not-enrolled':
    case 'broken':
      return brokenMessage(failure.kind === 'broken' ? failure.detail : failure.kind, language)
  }
}

function missingWord(words: Readonly<Record<string, string>>, field: string): string {
  return words[field] ?? field
}

/** A sentence with what it names. */
function filled(sentence: string, args: readonly string[]): string {
  return sentence.replace(/\{(\d)\}/g, (whole, i) => args[Number(i)] ?? whole)
}
