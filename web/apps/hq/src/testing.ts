/** Mounts a component as the app would, with a server that answers from a function. */
import { readFileSync } from 'node:fs'

import { VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { h, type Component } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'

import { createWords, type Preferences } from '@sansuiji/ui'

import { apiKey, createApi } from './api/client'
import type { Me } from './api/types'
import { createQueries } from './queries'
import { createSession, sessionKey } from './session'
import type { Operation } from './shell/me'
import { words } from './words'

/** A request that reached the server. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

/** An answer: a status, and a body if there is one. */
export type Answer = readonly [status: number, body?: unknown]

export function memoryPreferences(): Preferences {
  const values = new Map<string, string>()
  return {
    get: (name) => values.get(name) ?? null,
    set: (name, value) => {
      values.set(name, value)
    },
  }
}

/** A fetch that remembers what was asked. */
export function serverOf(answer: (asked: Asked) => Answer) {
  const asked: Asked[] = []
  const fetch = async (request: Request): Promise<Response> => {
    const text = await request.text()
    const { pathname } = new URL(request.url)
    const body: unknown = text ? JSON.parse(text) : null
    const one = { method: request.method, path: pathname, body }
    asked.push(one)
    const [status, answered] = answer(one)
    const headers = { 'content-type': 'application/json' }
    return new Response(answered === undefined ? null : JSON.stringify(answered), {
      status,
      headers,
    })
  }
  return { asked, fetch }
}

const description = JSON.parse(readFileSync('packages/protocol/openapi.json', 'utf8')) as {
  readonly paths: Record<string, Record<string, { readonly operationId: string }>>
}

/** Somebody who may ask for everything. */
const anybody: Me = {
  id: '01900000-0000-7000-8000-000000000001',
  login: 'admin',
  name: '趙',
  role: 'admin',
  second_factor: false,
  operations: Object.values(description.paths).flatMap((item) =>
    Object.values(item).map(({ operationId }) => operationId),
  ),
}

/** Somebody who may ask for some things only. */
export function whoMay(...operations: readonly Operation[]): Me {
  return { ...anybody, operations: [...operations] }
}

/** Mounts a component at /campaign/c1, in Chinese, for somebody who may do everything or `me`. */
export async function mountAt(
  component: Component,
  props: Readonly<Record<string, unknown>>,
  fetch: (request: Request) => Promise<Response>,
  me = anybody,
): Promise<VueWrapper> {
  const preferences = memoryPreferences()
  const queries = createQueries()
  queries.setQueryData(['me'], me)
  const page = { render: () => h(component, props) }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/campaign/:campaign', component: page },
      { path: '/findings/:campaign/:finding?', name: 'findings', component: page },
    ],
  })
  await router.push('/campaign/c1')
  const app = mount(RouterView, {
    attachTo: document.body,
    global: {
      plugins: [
        createWords(words, preferences),
        router,
        [VueQueryPlugin, { queryClient: queries }],
      ],
      provide: {
        [apiKey as symbol]: createApi({
          language: () => 'zh',
          signedOut: () => undefined,
          fetch,
        }),
        [sessionKey as symbol]: createSession(preferences),
      },
    },
  })
  await flushPromises()
  return app
}
