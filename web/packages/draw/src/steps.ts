/** The steps of a verification. */
import type { Hash } from './bytes'
import { problemOf, type Code, type Note, type Problem } from './problem'

/** Results of a step of the verification; unknown: it cannot be decided with what is there. */
export type Result = 'holds' | 'fails' | 'unknown'

/** One thing that was checked. */
export interface Step {
  /** What was checked. */
  readonly name: Code
  readonly result: Result
  /** Of a step that does not hold. */
  readonly problem?: Problem
  /** What a reader should know. */
  readonly notes: readonly Note[]
}

/** What came of all steps. */
export interface Verification {
  readonly steps: readonly Step[]
  readonly result: Result
  /** Of the certificate, to be compared with the published one; zeros if it cannot be read. */
  readonly hash: Hash
}

/** Does steps one after the other. After one that does not hold the others are not done. */
export class Steps {
  /** What came of the steps until now. */
  result: Result = 'holds'
  #notes: Note[] = []

  /** Does a step, if all before it hold. */
  do(name: Code, check: () => void): Step {
    if (this.result !== 'holds') return { name, result: 'unknown', notes: [] }
    this.#notes = []
    try {
      check()
      return { name, result: 'holds', notes: this.#notes }
    } catch (error) {
      const problem = problemOf(error)
      const result = undecidable.includes(problem.code) ? 'unknown' : 'fails'
      this.result = result
      return { name, result, problem, notes: this.#notes }
    }
  }

  /** Adds a note to the step under way. */
  note = (code: Code, ...args: readonly string[]): void => {
    this.#notes.push({ code, args })
  }
}

/** The problems of a program that is older than the certificate. */
const undecidable: readonly Code[] = ['spec-unknown', 'suite-unknown', 'public-unknown']
