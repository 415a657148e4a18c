/** What can go wrong with a request, and the words for it. */
import type { Language, Problem } from '@sansuiji/protocol'
import { brokenMessage, offlineMessage, problemMessage, type Message } from '@sansuiji/ui'

export type Failure =
  { readonly kind: 'problem'; readonly problem: Problem } | { readonly kind: 'offline' }

/** A failed request. A class because queries and promises reject with an Error. */
export class RequestError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.kind === 'problem' ? failure.problem.code : failure.kind)
    this.name = 'RequestError'
    this.failure = failure
  }
}

/** The code of the problem document an error came from, or ''. */
export function codeOf(error: unknown): string {
  if (!(error instanceof RequestError) || error.failure.kind !== 'problem') return ''
  return error.failure.problem.code
}

/** Whether asking again may help by itself: no answer, or a server that is busy. */
export function worthRetrying(error: unknown): boolean {
  if (!(error instanceof RequestError)) return false
  return error.failure.kind === 'offline' || error.failure.problem.status >= 502
}

/** The shared advice speaks of records on a phone; headquarters has none. */
const advice: Record<'offline' | 'internal' | 'broken', Record<Language, string>> = {
  offline: {
    zh: '請檢查網絡後重試。尚未提交的決定不會生效。',
    en: 'Check the network and try again. A decision not yet sent has no effect.',
  },
  internal: {
    zh: '請稍後重試；仍不行請把詳情發給管理員。',
    en: 'Try again later; if it persists, send the details to your administrator.',
  },
  broken: { zh: '請刷新頁面後重試。', en: 'Reload the page and try again.' },
}

/** The words for whatever was thrown. */
export function messageOf(error: unknown, language: Language): Message {
  if (!(error instanceof RequestError)) {
    const detail = error instanceof Error ? error.message : String(error)
    return { ...brokenMessage(detail, language), advice: advice.broken[language] }
  }
  switch (error.failure.kind) {
    case 'offline':
      return { ...offlineMessage(language), advice: advice.offline[language] }
    case 'problem': {
      const message = problemMessage(error.failure.problem, language)
      const ours = error.failure.problem.code === 'internal'
      return ours ? { ...message, advice: advice.internal[language] } : message
    }
  }
}
