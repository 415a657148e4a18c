/** The words for a failure of the store. */
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
    case 'missing':
      return { title: missingWord(words.missing, failure.field), advice: '', detail: '' }
    case 'not-enrolled':
    case 'broken':
      return brokenMessage(failure.kind === 'broken' ? failure.detail : failure.kind, language)
  }
}

function missingWord(words: Readonly<Record<string, string>>, field: string): string {
  return words[field] ?? field
}
