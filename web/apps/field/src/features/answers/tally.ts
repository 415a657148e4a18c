/** How far the answering has come. */
import type { QuestionView } from '@sansuiji/local'

/** Questions of one kind, and those of them with an answer. */
export interface Count {
  readonly all: number
  readonly done: number
}

/** Whether a question has an answer. */
export function isAnswered({ answer }: QuestionView): boolean {
  return (answer?.value ?? null) !== null
}

/** Counts the required and the other questions. */
export function tally(questions: readonly QuestionView[]): {
  readonly required: Count
  readonly optional: Count
} {
  return {
    required: count(questions.filter((q) => q.required)),
    optional: count(questions.filter((q) => !q.required)),
  }
}

/** Answered and required, for a tab: of all where nothing is required. */
export function tabCount(questions: readonly QuestionView[]): string {
  const { required, optional } = tally(questions)
  const { all, done } = required.all > 0 ? required : optional
  return all === 0 ? '' : `${String(done)}/${String(all)}`
}

function count(questions: readonly QuestionView[]): Count {
  return { all: questions.length, done: questions.filter(isAnswered).length }
}
