// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest'

import { serverOf } from '../testing'
import { answerOf, createApi, doneOf } from './client'
import { codeOf } from './failure'

const unauthorised = { type: 'urn:sansuiji:problem:unauthorised', status: 401 }
const body = { login: 'a', password: 'b' }

test('an ended session is noticed anywhere but at the login', async () => {
  const { fetch } = serverOf(() => [401, unauthorised])
  const signedOut = vi.fn()
  const api = createApi({ language: () => 'zh', signedOut, fetch })
  await expect(answerOf(api.POST('/api/hq/login', { body }))).rejects.toThrow('unauthorised')
  expect(signedOut).not.toHaveBeenCalled()
  await expect(answerOf(api.GET('/api/hq/me'))).rejects.toThrow('unauthorised')
  expect(signedOut).toHaveBeenCalledOnce()
})

test('the server is told the language of the screen', async () => {
  const languages: (string | null)[] = []
  const fetch = (request: Request): Promise<Response> => {
    languages.push(request.headers.get('Accept-Language'))
    return Promise.resolve(Response.json([]))
  }
  const api = createApi({ language: () => 'en', signedOut: () => undefined, fetch })
  await answerOf(api.GET('/api/hq/campaigns'))
  expect(languages).toEqual(['en'])
})

test('no answer at all, and an answer that is no document of ours, are failures', async () => {
  const offline = createApi({
    language: () => 'zh',
    signedOut: () => undefined,
    fetch: () => Promise.reject(new TypeError('no network')),
  })
  await expect(answerOf(offline.GET('/api/hq/me'))).rejects.toThrow('offline')
  const proxy = createApi({
    language: () => 'zh',
    signedOut: () => undefined,
    fetch: () => Promise.resolve(new Response('<html>', { status: 502 })),
  })
  const error: unknown = await answerOf(proxy.GET('/api/hq/me')).catch((e: unknown) => e)
  expect(codeOf(error)).toBe('')
})

test('an answer without a body is enough where none is promised', async () => {
  const { fetch } = serverOf(() => [204])
  const api = createApi({ language: () => 'zh', signedOut: () => undefined, fetch })
  await expect(doneOf(api.POST('/api/hq/logout'))).resolves.toBeUndefined()
})
