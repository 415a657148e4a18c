/** Signing in. */
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, reactive } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { answerOf, useApi } from '../../api/client'
import { useSession } from '../../session'

/** Where to go after signing in: a place of this app, or the start. */
export function nextPlace(next: unknown): string {
  return typeof next === 'string' && /^\/(?!\/|login)/.test(next) ? next : '/'
}

/** The names of the fields that are still empty. */
export function missing(form: {
  readonly login: string
  readonly password: string
}): readonly ('login' | 'password')[] {
  return (['login', 'password'] as const).filter((name) => form[name].trim() === '')
}

export function useLogin() {
  const api = useApi()
  const session = useSession()
  const queries = useQueryClient()
  const route = useRoute()
  const router = useRouter()
  const form = reactive({ login: '', password: '' })
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      answerOf(
        api.POST('/api/hq/login', { body: { login: form.login.trim(), password: form.password } }),
      ),
    onSuccess: async (account) => {
      queries.clear()
      queries.setQueryData(['me'], account)
      session.started()
      await router.replace(nextPlace(route.query['next']))
    },
    onError: () => {
      form.password = ''
    },
  })
  const returns = computed(() => nextPlace(route.query['next']) !== '/')
  return { form, submit: mutate, error, isPending, returns }
}
