/** Asks headquarters' server. Every call is typed by the description of its interface. */
import createClient, { type Client } from 'openapi-fetch'
import { inject, type InjectionKey } from 'vue'

import { parseProblem, type Language, type paths } from '@sansuiji/protocol'

import { RequestError } from './failure'

export type Api = Client<paths>

export interface ApiSetting {
  readonly language: () => Language
  /** Called when the server no longer knows the session. */
  readonly signedOut: () => void
  readonly fetch?: (request: Request) => Promise<Response>
}

const loginPath = '/api/hq/login'

export function createApi({ language, signedOut, fetch }: ApiSetting): Api {
  const api = createClient<paths>({
    baseUrl: location.origin,
    credentials: 'same-origin',
    ...(fetch ? { fetch } : {}),
  })
  api.use({
    onRequest: ({ request }) => {
      request.headers.set('Accept-Language', language())
      return request
    },
    onResponse: ({ response, schemaPath }) => {
      if (response.status === 401 && schemaPath !== loginPath) signedOut()
    },
  })
  return api
}

export const apiKey: InjectionKey<Api> = Symbol('api')

export function useApi(): Api {
  const api = inject(apiKey)
  if (!api) throw new Error('the app provides no api')
  return api
}

interface Reply<T> {
  readonly data?: T | undefined
  readonly error?: unknown
  readonly response: Response
}

/** The body of a successful answer. Throws RequestError for any other. */
export async function answerOf<T>(call: Promise<Reply<T>>): Promise<T> {
  const { data, response } = await settled(call)
  if (data === undefined) throw new RequestError(emptyAnswer(response.status))
  return data
}

/** Waits for an answer without a body. Throws RequestError when it is none. */
export async function doneOf(call: Promise<Reply<unknown>>): Promise<void> {
  await settled(call)
}

async function settled<T>(call: Promise<Reply<T>>): Promise<Reply<T>> {
  const reply = await call.catch(() => {
    throw new RequestError({ kind: 'offline' })
  })
  const { response, error } = reply
  if (!response.ok) {
    throw new RequestError({ kind: 'problem', problem: parseProblem(response.status, error) })
  }
  return reply
}

function emptyAnswer(status: number): ConstructorParameters<typeof RequestError>[0] {
  return { kind: 'problem', problem: { code: '', status, title: '', detail: 'empty answer' } }
}
