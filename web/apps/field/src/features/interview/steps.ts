/** How an interview goes through its questions. Pure: screens show what it gives. */
import type { Answer, TalkForm, TalkQuestion } from '@sansuiji/local'

/** Where an interview stands. */
export interface Standing {
  /** The question that is shown; undefined on the last page. */
  readonly question: TalkQuestion | undefined
  /** How many were asked, answered or not. */
  readonly asked: number
  readonly total: number
}

/** Where a form stands; a place past the questions, which may have changed, is the last page. */
export function standingOf(questions: readonly TalkQuestion[], form: TalkForm): Standing {
  return {
    question: questions[form.at],
    asked: questions.filter(({ id }) => isAsked(form.answers[id])).length,
    total: questions.length,
  }
}

/** Whether a question was put: answered, or declined. An emptied text is neither. */
export function isAsked(answer: Answer | undefined): boolean {
  return answer === null || (answer !== undefined && answer.trim() !== '')
}

/** The place a step away; the last page comes after the questions. */
export function stepFrom(at: number, total: number, by: -1 | 1): number {
  return Math.min(Math.max(Math.min(at, total) + by, 0), total)
}

/** What is sealed of a form: without texts that were emptied. */
export function tidied(form: TalkForm): TalkForm {
  const answers = Object.entries(form.answers).filter(([, answer]) => isAsked(answer))
  return { ...form, answers: Object.fromEntries(answers) }
}
