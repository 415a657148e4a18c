/** The phone's store, as the screens use it. Its worker is `@sansuiji/local/worker`. */
export type { AnswerInput, AnswerView, QuestionView } from './answer'
export * from './answerFit'
export type { AttachInput, PhotoSubject } from './attach'
export type * from './attachViews'
export { FailureError, openStore, type Listener, type StoreClient } from './client'
export type { Progress } from './contact'
export * from './distance'
export type { Failure } from './failure'
export { formOf } from './form'
export type { Household } from './households'
export type { ContactInput, HouseholdInput } from './interview'
export type { MapOffer, MapStatus } from './map'
export type { MirrorView } from './mirror'
export type { Mode } from './opening'
export type { EntryState, Stage } from './outbox'
export { plainKey, readPaste, type Pasted, type Unreadable, type UnreadLine } from './paste'
export type * from './peopleViews'
export type { KeptPhoto, PhotoFault, PhotoInput, PhotoSource } from './photo'
export { markPoint, marksMax, markTextMax, type Mark, type MarkPoint } from './photoMarks'
export type {
  FindingInput,
  FindingKind,
  Outcome,
  Place,
  Severity,
  Subject,
  VerificationInput,
} from './record'
export type { ReadyFacts } from './ready'
export * from './readyJudge'
export type { RefusedCode } from './refused'
export type { Left, Unsent } from './leave'
export type { LostDevice } from './lost'
export type {
  BundleMade,
  BundlePlan,
  SafetySummary,
  StorageUse,
  WaitingBytes,
} from './safetyService'
export type { PersonInput, RosterFacts, RosterKind } from './rosterRows'
export type { SavedView, Service, StoreEvent } from './service'
export type { SignoffInput, SignoffResult, SignoffView } from './signoff'
export type { Amendment, SignoffFacts } from './signoffFacts'
export type { Signature } from './signoffImage'
export type { Identity } from './state'
export type { SyncResult } from './sync'
export type { TalkAsked, TalkInput } from './talk'
export type { Agreed, TalkForm } from './talkDraft'
export type { Answer, Answers, TalkQuestion } from './talkQuestions'
export type { SealedView } from './talkService'
export type * from './talkViews'
export type { Contact } from './turns'
export type { DiceInput, UnlockInput } from './unlock'
export type { Hold, PhotoProgress } from './uploadQueue'
export type { UploadChoice } from './uploadState'
export { voiceMax, type KeptVoice, type VoiceInput, type VoicePiece } from './voice'
export type * from './views'
