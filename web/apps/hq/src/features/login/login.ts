/** Signing in. */
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { answerOf, useApi } from '../../api/client'
import { codeOf } from '../../api/failure'
import { useSession } from '../../session'

/** Where to go after signing in: a place of this app, or the start. */
export function nextPlace(next: unknown): string {
  return typeof next === 'string' && /^\/(?!\/|login)/.test(next) ? next : '/'
}

export interface LoginForm {
  login: string
  password: string
  /** Of an authenticator, once it is asked for. */
  code: string
}

/** The names of the fields that are still empty. */
export function missing(form: LoginForm, coded: boolean): readonly (keyof LoginForm)[] {
  const names = coded ? (['login', 'password', 'code'] as const) : (['login', 'password'] as const)
  return names.filter((name) => form[name].trim() === '')
}

/** Answers by which the password was right, and a code is wanted. */
const codedAnswers: readonly string[] = ['second-factor-wanted', 'second-factor-wrong']

/** What is forgotten of a form after an answer, and whether a code is asked for from then on. */
export function refused(answer: string): {
  readonly coded: boolean
  readonly forget: 'code' | 'password'
} {
  const coded = codedAnswers.includes(answer)
  return { coded, forget: coded ? 'code' : 'password' }
}

export function useLogin() {
  const api = useApi()
  const session = useSession()
  const queries = useQueryClient()
  const route = useRoute()
  const router = useRouter()
  const form = reactive<LoginForm>({ login: '', password: '', code: '' })
  const coded = ref(false)
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      answerOf(
        api.POST('/api/hq/login', {
          body: {
            login: form.login.trim(),
            password: form.password,
            ...(coded.value ? { code: form.code } : {}),
          },
        }),
      ),
    onSuccess: async (account) => {
      queries.clear()
      queries.setQueryData(['me'], account)
      session.started()
      await router.replace(nextPlace(route.query['next']))
    },
    onError: (error) => {
      const next = refused(codeOf(error))
      coded.value = next.coded
      form[next.forget] = ''
    },
  })
  const returns = computed(() => nextPlace(route.query['next']) !== '/')
  /** That a code is wanted is a question, not a failure. */
  const failed = computed(() =>
    codeOf(error.value) === 'second-factor-wanted' ? null : error.value,
  )
  return { form, coded, submit: mutate, error: failed, isPending, returns }
}
