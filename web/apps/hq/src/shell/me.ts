/** Who is signed in, and signing out. */
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'
import { useRouter } from 'vue-router'

import { answerOf, doneOf, useApi } from '../api/client'
import type { Account } from '../api/types'
import { useSession } from '../session'

export function useMe() {
  const api = useApi()
  return useQuery({
    queryKey: ['me'],
    queryFn: () => answerOf(api.GET('/api/hq/me')),
    staleTime: Infinity,
  })
}

/** Whether the person is one of these roles: what they could only be refused is not offered. */
export function useIs(...roles: readonly Account['role'][]): ComputedRef<boolean> {
  const { data } = useMe()
  return computed(() => data.value !== undefined && roles.includes(data.value.role))
}

/** Whether the person decides about findings, conflicts and entries that were not merged. */
export function useReviews(): ComputedRef<boolean> {
  return useIs('admin', 'reviewer')
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
