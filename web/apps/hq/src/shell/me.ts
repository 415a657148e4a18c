/** Who is signed in, and signing out. */
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRouter } from 'vue-router'

import type { operations } from '@sansuiji/protocol'

import { answerOf, doneOf, useApi } from '../api/client'
import { useSession } from '../session'

export function useMe() {
  const api = useApi()
  return useQuery({
    queryKey: ['me'],
    queryFn: () => answerOf(api.GET('/api/hq/me')),
    staleTime: Infinity,
  })
}

/** What the server can be asked for, by the names that its own policy has. */
export type Operation = keyof operations

/** Says whether the person may ask for all of these operations. */
export type May = (...asked: readonly Operation[]) => boolean

/**
 * What the person may ask for, as the server said when they signed in: what they could only
 * be refused is not offered. Nobody may do anything before that is known.
 */
export function useMay(): May {
  const { data } = useMe()
  const known = computed(() => new Set(data.value?.operations))
  return (...asked) => asked.every((one) => known.value.has(one))
}

/** Signs out here even when the server cannot be told. */
export function useLogout(): () => Promise<void> {
  const api = useApi()
  const session = useSession()
  const router = useRouter()
  const queries = useQueryClient()
  return async () => {
    await doneOf(api.POST('/api/hq/logout')).catch(() => undefined)
    session.ended()
    await router.replace({ name: 'login' })
    queries.clear()
  }
}
