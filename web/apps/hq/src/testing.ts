/** Mounts a component as the app would, with a server that answers from a function. */
import { VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { h, type Component } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'

import { createWords, type Preferences } from '@sansuiji/ui'

import { apiKey, createApi } from './api/client'
import { createQueries } from './queries'
import { createSession, sessionKey } from './session'
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

/** Mounts a component at /campaign/c1, in Chinese. */
export async function mountAt(
  component: Component,
  props: Readonly<Record<string, unknown>>,
  fetch: (request: Request) => Promise<Response>,
): Promise<VueWrapper> {
  const preferences = memoryPreferences()
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
        [VueQueryPlugin, { queryClient: createQueries() }],
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
