/** The phone's store, as the screens use it. Its worker is `@sansuiji/local/worker`. */
export { FailureError, openStore, type Listener, type StoreClient } from './client'
export type { Progress } from './contact'
export type { Failure } from './failure'
export { formOf } from './form'
export type { Household } from './households'
export type { ContactInput, HouseholdInput } from './interview'
export type { MirrorView } from './mirror'
export type { Mode } from './opening'
export type { EntryState, Stage } from './outbox'
export { plainKey, readPaste, type Pasted, type Unreadable, type UnreadLine } from './paste'
export type * from './peopleViews'
export type {
  FindingInput,
  FindingKind,
  Outcome,
  Place,
  Severity,
  Subject,
  VerificationInput,
} from './record'
export type { RefusedCode } from './refused'
export type { PersonInput, RosterFacts, RosterKind } from './rosterRows'
export type { SavedView, Service, StoreEvent } from './service'
export type { Identity } from './state'
export type { SyncResult } from './sync'
export type { Contact } from './turns'
export type { DiceInput, UnlockInput } from './unlock'
export type * from './views'
