/** The two requests of a voter. The ticket is in their bodies; no cookie goes along. */
import type { Marks, Paper, Trouble } from './vote'
import type { Language } from './words'

export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly trouble: Trouble }
  | { readonly kind: 'offline' }

const brokenFrom = 500

async function ask<T>(path: string, body: unknown, language: Language): Promise<Answer<T>> {
  let response: Response
  try {
    response = await fetch(`/api/vote${path}`, {
      method: 'POST',
      credentials: 'omit',
      cache: 'no-store',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': language },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (response.ok) return { kind: 'ok', value: (text ? JSON.parse(text) : undefined) as T }
    if (response.status >= brokenFrom) return { kind: 'offline' }
    // The server says in this language what is wrong and what to do.
    return { kind: 'refused', trouble: JSON.parse(text) as Trouble }
  } catch {
    return { kind: 'offline' }
  }
}

export function readPaper(ticket: string, language: Language): Promise<Answer<Paper>> {
  return ask('/paper', { ticket }, language)
}

export function cast(ticket: string, marks: Marks, language: Language): Promise<Answer<undefined>> {
  return ask('', { ticket, marks }, language)
}
