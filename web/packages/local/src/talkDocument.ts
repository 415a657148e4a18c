/** What is sealed of an interview: one JSON document that needs no other to be understood. */
import { utf8, type Bytes, type Id } from '@sansuiji/protocol'

import type { Draft } from './talkDraft'
import { sealedValue, type TalkQuestion } from './talkQuestions'

/** The document's size is a multiple of this: a short file does not tell that little was said. */
const padding = 4 << 10

/** A recording in the document. */
export interface SealedSound {
  readonly type: string
  /** Bytes. */
  readonly size: number
  /** SHA-256 of the recording, hexadecimal. */
  readonly sha256: string
  /** The recording; without it, it is in a sealed file of its own. */
  readonly base64?: string
  /** SHA-256 of that age file, hexadecimal: the hash of the interview's attachment. */
  readonly file?: string
}

/** What lies in `interview.sealed`. Times are Unix milliseconds. */
export interface SealedInterview {
  readonly version: 1
  readonly interview: Id
  readonly code: string
  readonly campaign: string
  /** The site's name in the draw; null where no people are drawn. */
  readonly site: string | null
  readonly unit: { readonly code: string; readonly name: string }
  readonly visit: Id
  /** On the roster; null for somebody whom chance did not choose. */
  readonly roster_key: string | null
  readonly name: string | null
  readonly consent: string
  readonly consent_at: number
  readonly began_at: number
  readonly ended_at: number
  readonly language: string
  readonly interviewer: { readonly id: Id; readonly name: string }
  /** By the question's code: a mark or number, a word, or null for one not answered. */
  readonly answers: Readonly<Record<string, string | number | null>>
  /** What was asked, by code: headquarters may change its questions later. */
  readonly questions: Readonly<Record<string, string>>
  readonly notes: string
  readonly sound: readonly SealedSound[]
}

/** Where and by whom an interview was held. */
export type Setting = Pick<SealedInterview, 'campaign' | 'site' | 'unit' | 'interviewer'>

/** What a document is made of. */
export interface DocumentParts {
  readonly id: Id
  readonly draft: Draft
  readonly questions: readonly TalkQuestion[]
  readonly setting: Setting
  readonly sound: readonly SealedSound[]
  readonly endedAt: number
}

/** Puts the document together. */
export function documentOf({ id, draft, ...parts }: DocumentParts): SealedInterview {
  const asked = parts.questions.filter(({ id }) => draft.form.answers[id] !== undefined)
  return {
    version: 1,
    interview: id,
    code: draft.code,
    ...parts.setting,
    visit: draft.visit,
    roster_key: draft.key,
    name: draft.form.name.trim() || null,
    consent: draft.consent,
    consent_at: draft.consentAt,
    began_at: draft.consentAt,
    ended_at: parts.endedAt,
    language: draft.language,
    answers: Object.fromEntries(
      asked.map((one) => [one.code, sealedValue(one, draft.form.answers[one.id] ?? null)]),
    ),
    questions: Object.fromEntries(asked.map(({ code, text }) => [code, text])),
    notes: draft.form.notes,
    sound: parts.sound,
  }
}

/** The document's bytes, filled up with blanks, which JSON allows behind it. */
export function documentBytes(document: SealedInterview): Bytes {
  const text = utf8(JSON.stringify(document))
  const bytes = new Uint8Array(Math.ceil(text.length / padding) * padding).fill(0x20)
  bytes.set(text)
  return bytes
}
