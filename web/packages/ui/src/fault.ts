/** Turns what went wrong into words: what happened and what to do. */
import { faultOf, type Language, type Problem } from '@sansuiji/protocol'

import { en, zh } from './words'

/** Words for a person, and a detail for whoever looks deeper. */
export interface Message {
  readonly title: string
  readonly advice: string
  readonly detail: string
}

/** The words for a problem document. */
export function problemMessage(problem: Problem, language: Language): Message {
  const fault = faultOf(problem.code)
  if (fault) {
    const { title, advice } = fault
    return { title: title[language], advice: advice[language], detail: problem.detail }
  }
  const { failure } = language === 'zh' ? zh : en
  return {
    title: failure.status.replace('{status}', String(problem.status)),
    advice: failure.statusAdvice,
    detail: problem.detail || problem.title,
  }
}

/** The words for a reason an entry was quarantined. */
export function reasonMessage(code: string, language: Language): Message {
  const fault = faultOf(code)
  if (!fault) return { title: code, advice: '', detail: code }
  return { title: fault.title[language], advice: fault.advice[language], detail: code }
}

/** The words for a server that did not answer. */
export function offlineMessage(language: Language): Message {
  const { failure } = language === 'zh' ? zh : en
  return { title: failure.offline, advice: failure.offlineAdvice, detail: '' }
}

/** The words for a failure of our own. */
export function brokenMessage(detail: string, language: Language): Message {
  const { failure } = language === 'zh' ? zh : en
  return { title: failure.broken, advice: failure.brokenAdvice, detail }
}
