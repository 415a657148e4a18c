/** What is asked in interviews, and what of the answers stays readable. */
import { idBytes, type Id } from '@sansuiji/protocol'

import type { QuestionKind } from './answerFit'
import type { Database, Row } from './database'
import { id, integer, maybeInteger, maybeText, text } from './row'

/** A question as it is asked. */
export interface TalkQuestion {
  readonly id: Id
  readonly code: string
  readonly text: string
  readonly hint: string
  readonly kind: QuestionKind
  /** Of a choice. */
  readonly options: readonly string[]
  /** The highest mark of a scale; the lowest is 1. */
  readonly max: number
  readonly required: boolean
  /** Its mark stays readable beside what is sealed. */
  readonly readable: boolean
}

/** An answer as the form holds it: a text, or null when the person would not answer. */
export type Answer = string | null

/** Answers by the question's id. A question that is not in it was not asked. */
export type Answers = Readonly<Record<string, Answer>>

const questionList = `
  SELECT q.* FROM question q
  WHERE q.usage = 'interview' AND q.withdrawn_at IS NULL AND (q.category IS NULL OR q.category =
    (SELECT u.category FROM visit v JOIN unit u ON u.id = v.unit_id WHERE v.id = ?))
  ORDER BY q.category IS NOT NULL, q.position IS NULL, q.position, q.code, q.id`

const scaleMaxUsual = 5

/** Common questions, then those of the unit's category. */
export function talkQuestions(database: Database, visit: Id): readonly TalkQuestion[] {
  return database.rows(questionList, idBytes(visit)).map(question)
}

function question(row: Row): TalkQuestion {
  return {
    id: id(row, 'id'),
    code: text(row, 'code'),
    text: text(row, 'text'),
    hint: maybeText(row, 'hint') ?? '',
    kind: text(row, 'kind') as QuestionKind,
    options: (maybeText(row, 'options') ?? '')
      .split('\n')
      .map((one) => one.trim())
      .filter(Boolean),
    max: maybeInteger(row, 'scale_max') ?? scaleMaxUsual,
    required: integer(row, 'required') === 1,
    readable: integer(row, 'readable') === 1,
  }
}

/** An answer as it is sealed: marks and numbers as numbers, all else as it was said. */
export function sealedValue({ kind }: TalkQuestion, answer: Answer): string | number | null {
  if (answer === null || (kind !== 'scale' && kind !== 'number')) return answer
  const number = Number(answer)
  return answer.trim() !== '' && Number.isFinite(number) ? number : answer
}

/** The mark that stays readable: a whole number; nothing for words and unanswered ones. */
export function markOf(question: TalkQuestion, answer: Answer | undefined): number | null {
  if (!question.readable || answer === null || answer === undefined) return null
  const value = sealedValue(question, answer)
  switch (question.kind) {
    case 'scale':
    case 'number':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
    case 'yesno':
      return value === 'yes' ? 1 : 0
    case 'choice':
    case 'text':
      return null
  }
}
