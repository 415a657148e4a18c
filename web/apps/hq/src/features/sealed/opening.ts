/** Opens sealed bytes in the browser. Neither key nor content leaves it. */
import { Decrypter } from 'age-encryption'

/** What lies in a sealed interview; written by the field app (talkDocument.ts there). */
export interface TalkDocument {
  readonly version: 1
  readonly code: string
  readonly unit: { readonly code: string; readonly name: string }
  readonly roster_key: string | null
  readonly name: string | null
  readonly consent_at: number
  readonly ended_at: number
  readonly interviewer: { readonly name: string }
  readonly answers: Readonly<Record<string, string | number | null>>
  readonly questions: Readonly<Record<string, string>>
  readonly notes: string
  readonly sound: readonly Sound[]
}

export interface Sound {
  readonly type: string
  readonly base64?: string
  readonly file?: string
}

export type Opened =
  | { readonly kind: 'open'; readonly document: TalkDocument }
  | { readonly kind: 'no-key' | 'wrong-key' | 'broken' }

const keyPattern = /AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}/g

/** The private keys in a file's text: one to a line, among remarks. */
export function keysIn(text: string): readonly string[] {
  return text.match(keyPattern) ?? []
}

export async function openTalk(sealed: Uint8Array, keyFile: string): Promise<Opened> {
  const keys = keysIn(keyFile)
  if (keys.length === 0) return { kind: 'no-key' }
  const decrypter = new Decrypter()
  for (const key of keys) decrypter.addIdentity(key)
  let plain: string
  try {
    plain = await decrypter.decrypt(sealed, 'text')
  } catch {
    return { kind: 'wrong-key' }
  }
  return read(plain)
}

function read(plain: string): Opened {
  try {
    const document = JSON.parse(plain) as Omit<TalkDocument, 'version'> & { version: number }
    if (document.version !== 1) return { kind: 'broken' }
    return { kind: 'open', document: { ...document, version: 1 } }
  } catch {
    return { kind: 'broken' }
  }
}

/** Questions with their answers, by code. */
export function answersOf({ questions, answers }: TalkDocument): readonly {
  readonly code: string
  readonly text: string
  readonly answer: string
}[] {
  return Object.entries(questions)
    .map(([code, text]) => ({ code, text, answer: String(answers[code] ?? '') }))
    .sort((a, b) => (a.code < b.code ? -1 : 1))
}
