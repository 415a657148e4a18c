/** What is wrong with an input, in words that people read. */
import words from '../../../../draw/words.json'

/** A code that there are sentences for. */
export type Code = keyof typeof words

/** A language that there are sentences in. */
export type Language = 'zh' | 'en'

/**
 * What is wrong with an input, and where: a code of words.json and what its sentence
 * names. Both languages' programs give the same code and names.
 */
export interface Problem {
  readonly code: Code
  readonly args: readonly string[]
  readonly cause?: Problem
}

/** Something that is no fault, but worth knowing. */
export type Note = Problem

/** A problem, thrown. */
export class Refusal extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(textOf(problem))
    this.problem = problem
  }
}

function textOf({ code, args, cause }: Problem): string {
  const text = args.length === 0 ? code : `${code}: ${args.join(', ')}`
  return cause === undefined ? text : `${text}: ${textOf(cause)}`
}

/** A problem to throw. */
export function refusal(code: Code, ...args: readonly string[]): Refusal {
  return new Refusal({ code, args })
}

/** The problem of what was thrown; throws it again if it has none. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Refusal) return thrown.problem
  throw thrown
}

/** Says in a language what a code and what it names mean. */
export function say(language: Language, code: Code, ...args: readonly string[]): string {
  return words[code][language].replace(/\{(\d)\}/g, (whole, i) => args[Number(i)] ?? whole)
}

/** Says a problem in a language. */
export function sayProblem(language: Language, problem: Problem): string {
  const text = say(language, problem.code, ...problem.args)
  if (problem.cause === undefined) return text
  return text + say(language, 'colon') + sayProblem(language, problem.cause)
}
