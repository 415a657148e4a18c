/** What the screens may ask of the store about a day's visits: answers, sign-offs, readiness. */
import type { Id } from '@sansuiji/protocol'

import { questions, saveAnswer, type AnswerInput, type QuestionView } from './answer'
import type { Saved, Store } from './capture'
import { appendVisitNote } from './distanceNote'
import { readyFacts, type ReadyFacts } from './ready'
import type { SavedView } from './service'
import { closeVisit, saveSignoff, signoffs, type SignoffInput, type SignoffView } from './signoff'
import { amendments, signoffFacts, type Amendment, type SignoffFacts } from './signoffFacts'
import { signatureBytes } from './signoffImage'

/** The part of the service that is about a day's visits. */
export interface DayService {
  /** What is asked at a visit's unit, in order, with what was answered. */
  readonly questions: (visit: Id) => Promise<readonly QuestionView[]>
  readonly saveAnswer: (input: AnswerInput) => Promise<SavedView>
  /** Null when the device does not hold the visit. */
  readonly signoffFacts: (visit: Id) => Promise<SignoffFacts | null>
  /** Newest first. */
  readonly signoffs: (visit: Id) => Promise<readonly SignoffView[]>
  readonly saveSignoff: (input: SignoffInput) => Promise<SavedView>
  /** A PNG file; null when it is not on this device. */
  readonly signatureBytes: (attachment: Id) => Promise<Uint8Array | null>
  readonly amendments: (visit: Id, afterMillis: number) => Promise<readonly Amendment[]>
  readonly closeVisit: (visit: Id) => Promise<SavedView>
  /** Adds a line to the visit's note. */
  readonly appendVisitNote: (visit: Id, line: string) => Promise<SavedView>
  readonly readyFacts: () => Promise<ReadyFacts>
}

/** Puts that part together. `save` resolves after COMMIT and tells who listens. */
export function dayService(
  store: Store,
  save: (work: () => Saved<Id> | Promise<Saved<Id>>) => Promise<SavedView>,
): DayService {
  const { database } = store
  const read = <T>(query: () => T) => Promise.resolve().then(query)
  return {
    questions: (visit) => read(() => questions(database, visit)),
    saveAnswer: (input) => save(() => saveAnswer(store, input)),
    signoffFacts: (visit) => read(() => signoffFacts(database, visit)),
    signoffs: (visit) => read(() => signoffs(database, visit)),
    saveSignoff: (input) => save(() => saveSignoff(store, input)),
    signatureBytes: (attachment) => read(() => signatureBytes(database, attachment)),
    amendments: (visit, after) => read(() => amendments(database, visit, after)),
    closeVisit: (visit) => save(() => closeVisit(store, visit)),
    appendVisitNote: (visit, line) => save(() => appendVisitNote(store, visit, line)),
    readyFacts: () => read(() => readyFacts(database)),
  }
}
