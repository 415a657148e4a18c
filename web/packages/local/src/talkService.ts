/** What the screens may ask of the store about interviews. One thing at a time. */
import { Refusal } from '@sansuiji/draw'
import type { Id } from '@sansuiji/protocol'

import type { Saved } from './capture'
import { failureOf, type Failure } from './failure'
import { saveContact } from './interview'
import { RefusedError } from './refused'
import type { SavedView } from './service'
import { getText } from './state'
import {
  beginTalk,
  dropTalk,
  forgetTalked,
  keepTalk,
  keepTalkSound,
  refuseTalk,
  sealTalk,
  sweepTalks,
  withdrawTalk,
  type TalkAsked,
  type TalkInput,
  type TalkStore,
} from './talk'
import type { TalkForm } from './talkDraft'
import { releaseMarks } from './talkMarks'
import type { SoundChunk } from './talkSound'
import { talk, talks, type TalksView, type TalkView } from './talkViews'

/** What became of a sealed interview and of the contact that goes with it. */
export interface SealedView extends SavedView {
  /** Why the contact of somebody drawn was not recorded. */
  readonly contactFailure: Failure | null
}

/** The part of the service that is about interviews. */
export interface TalkService {
  /** Null when the device does not hold the visit. */
  readonly talks: (visit: Id) => Promise<TalksView | null>
  /** An interview under way; refused when it is over. */
  readonly talk: (id: Id) => Promise<TalkView>
  readonly beginTalk: (input: TalkInput) => Promise<SavedView>
  readonly refuseTalk: (input: TalkAsked) => Promise<SavedView>
  /** Resolves when what was typed is kept, encrypted. */
  readonly keepTalk: (id: Id, form: TalkForm) => Promise<void>
  /** False when there is no more room. */
  readonly keepTalkSound: (id: Id, chunk: SoundChunk) => Promise<boolean>
  /** Seals, then records the contact of somebody drawn as completed. */
  readonly sealTalk: (id: Id, form: TalkForm) => Promise<SealedView>
  readonly dropTalk: (id: Id) => Promise<void>
  readonly withdrawTalk: (id: Id, reason: string) => Promise<SavedView>
  /** Writes the marks held back of which there are enough: a visit may be over now. */
  readonly releaseMarks: () => Promise<void>
}

/** How the service saves, and tells who listens. */
export interface TalkSaving {
  readonly save: (work: () => Saved<Id> | Promise<Saved<Id>>) => Promise<SavedView>
  readonly changed: () => void
}

/** Puts that part together, and sweeps what a kill left before anything else is done. */
export function talkService(store: TalkStore, { save, changed }: TalkSaving): TalkService {
  const inTurn = queue()
  const release = () => releaseMarks(store, save)
  const start = () =>
    sweepTalks(store)
      .then(() => finishContact(store, save))
      .then(release)
  void inTurn(start).catch(() => undefined)
  return {
    talks: (visit) => inTurn(() => talks(store, visit)),
    talk: (id) => inTurn(() => talk(store, id)),
    beginTalk: (input) =>
      inTurn(async () => {
        const id = await beginTalk(store, input)
        changed()
        return { id, changed: true }
      }),
    refuseTalk: (input) => inTurn(() => save(() => refuseTalk(store, input))),
    keepTalk: (id, form) => inTurn(() => keepTalk(store, id, form)),
    keepTalkSound: (id, chunk) => inTurn(() => keepTalkSound(store, id, chunk)),
    sealTalk: (id, form) =>
      inTurn(async () => {
        const view = await save(() => sealTalk(store, id, form))
        const contactFailure = await finishContact(store, save)
        // What fails here is done at the next start: the interview is sealed.
        await release().catch(() => undefined)
        return { ...view, contactFailure }
      }),
    dropTalk: (id) =>
      inTurn(async () => {
        await dropTalk(store, id)
        changed()
      }),
    withdrawTalk: (id, reason) => inTurn(() => save(() => withdrawTalk(store, id, reason))),
    releaseMarks: () => inTurn(release),
  }
}

/** Records the contact that a sealed interview left to do; a kill may have come between. */
async function finishContact(store: TalkStore, save: TalkSaving['save']): Promise<Failure | null> {
  const { database } = store
  const talked = getText(database, 'talked')
  if (talked === null) return null
  const { visit, key } = JSON.parse(talked) as { readonly visit: Id; readonly key: string }
  try {
    await save(() => saveContact(store, { visit, key, result: 'completed', note: '' }))
  } catch (error) {
    // Somebody else may have recorded it, or their turn may be over by now. What else
    // went wrong may go right at the next start.
    if (error instanceof Refusal || error instanceof RefusedError) forgetTalked(database)
    return failureOf(error)
  }
  forgetTalked(database)
  return null
}

/** Does one thing after the other: a late autosave must not come after the seal. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }
}
