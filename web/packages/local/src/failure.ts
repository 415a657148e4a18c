/** What can go wrong, as plain data that passes between worker and page. */
import { Refusal, type Problem as DrawProblem } from '@sansuiji/draw'
import type { Problem } from '@sansuiji/protocol'

import { NewerDatabaseError } from './database'
import { PhotoError, type PhotoFault } from './photo'
import { MissingError } from './record'
import { RefusedError, type RefusedCode } from './refused'
import { NotEnrolledError } from './state'

/** A failure as screens see it. */
export type Failure =
  /** Headquarters refused, with a reason. */
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** Headquarters did not answer. */
  | { readonly kind: 'offline' }
  /** The device's key is gone from the browser's storage. */
  | { readonly kind: 'key-missing' }
  /** The database was written by a newer program. */
  | { readonly kind: 'newer-database' }
  /** A required field is empty. */
  | { readonly kind: 'missing'; readonly field: string }
  /** Something else must come first, or has come. */
  | { readonly kind: 'refused'; readonly code: RefusedCode; readonly args: readonly string[] }
  /** The norm of draws does not allow it. */
  | { readonly kind: 'draw'; readonly problem: DrawProblem }
  | { readonly kind: 'not-enrolled' }
  /** A picture is not kept, or what is kept of it cannot be sent. */
  | { readonly kind: 'photo'; readonly code: PhotoFault }
  /** The phone's space is used up: nothing of it was written. */
  | { readonly kind: 'no-space' }
  /** A bug, a database that cannot be opened. */
  | { readonly kind: 'broken'; readonly detail: string }

/** Headquarters refused. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(`${problem.code || problem.status}: ${problem.detail || problem.title}`)
    this.problem = problem
  }
}

/** Headquarters did not answer, or something in between answered for it. */
export class OfflineError extends Error {}

/** The device's key is gone from the browser's storage. */
export class KeyMissingError extends Error {}

/** Sorts whatever was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ProblemError) return { kind: 'problem', problem: error.problem }
  if (error instanceof OfflineError) return { kind: 'offline' }
  if (error instanceof KeyMissingError) return { kind: 'key-missing' }
  if (error instanceof NewerDatabaseError) return { kind: 'newer-database' }
  if (error instanceof MissingError) return { kind: 'missing', field: error.message }
  if (error instanceof RefusedError) return { kind: 'refused', code: error.code, args: error.args }
  if (error instanceof Refusal) return { kind: 'draw', problem: error.problem }
  if (error instanceof PhotoError) return { kind: 'photo', code: error.code }
  if (error instanceof NotEnrolledError) return { kind: 'not-enrolled' }
  return { kind: 'broken', detail: error instanceof Error ? error.message : String(error) }
}

/** Whether a refusal has this code. */
export function isProblem(error: unknown, code: string): error is ProblemError {
  return error instanceof ProblemError && error.problem.code === code
}
