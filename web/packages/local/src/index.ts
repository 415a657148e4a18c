/** The phone's store, as the screens use it. Its worker is `@sansuiji/local/worker`. */
export { FailureError, openStore, type Listener, type StoreClient } from './client'
export type { Progress } from './contact'
export type { Failure } from './failure'
export { formOf } from './form'
export type { EntryState, Stage } from './outbox'
export type {
  FindingInput,
  FindingKind,
  Outcome,
  Place,
  Severity,
  Subject,
  VerificationInput,
} from './record'
export type { SavedView, Service, StoreEvent } from './service'
export type { Identity } from './state'
export type { SyncResult } from './sync'
export type * from './views'
