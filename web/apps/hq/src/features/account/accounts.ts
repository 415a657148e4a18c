/** People who may sign in, their sessions, and one's own account. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import type { components } from '@sansuiji/protocol'

import { answerOf, doneOf, useApi } from '../../api/client'
import { useCampaignId } from '../../campaign/campaign'

type Schemas = components['schemas']

export type Account = Schemas['Account']
export type NewAccount = Schemas['NewAccount']
export type OpenSession = Schemas['OpenSession']
export type FoundUnit = Schemas['FoundUnit']
export type Role = Account['role']
export type OfficeRole = Exclude<Role, 'unit'>

export const officeRoles = [
  'admin',
  'organiser',
  'reviewer',
  'leader',
  'auditor',
] as const satisfies readonly OfficeRole[]

export function useAccounts() {
  const api = useApi()
  return useQuery({
    queryKey: ['accounts'],
    queryFn: async (): Promise<readonly Account[]> =>
      (await answerOf(api.GET('/api/hq/accounts'))) ?? [],
  })
}

/** Sessions of everybody, or one's own. */
export function useSessions(whose: 'all' | 'own') {
  const api = useApi()
  return useQuery({
    queryKey: ['sessions', whose],
    queryFn: async (): Promise<readonly OpenSession[]> =>
      (whose === 'all'
        ? await answerOf(api.GET('/api/hq/sessions'))
        : await answerOf(api.GET('/api/hq/me/sessions'))) ?? [],
  })
}

export function useEndSession(whose: 'all' | 'own') {
  const api = useApi()
  const reread = useReread()
  return useMutation({
    mutationFn: (session: string) => {
      const params = { path: { session } }
      return doneOf(
        whose === 'all'
          ? api.DELETE('/api/hq/sessions/{session}', { params })
          : api.DELETE('/api/hq/me/sessions/{session}', { params }),
      )
    },
    onSettled: reread,
  })
}

/** Lets a person in, and gives the password. */
export function useAddAccount() {
  const api = useApi()
  const reread = useReread()
  return useMutation({
    mutationFn: async (body: NewAccount) =>
      (await answerOf(api.POST('/api/hq/accounts', { body }))).password,
    onSuccess: reread,
    gcTime: 0,
  })
}

/** What an administrator does to an account. A new password is given back. */
export type Act =
  | { readonly kind: 'role'; readonly role: OfficeRole }
  | { readonly kind: 'password' | 'authenticator' | 'remove' }

export function useAct() {
  const api = useApi()
  const reread = useReread()
  return useMutation({
    mutationFn: async ({ login, act }: { login: string; act: Act }): Promise<string> => {
      const params = { path: { login } }
      switch (act.kind) {
        case 'role':
          await doneOf(
            api.PUT('/api/hq/accounts/{login}/role', { params, body: { role: act.role } }),
          )
          return ''
        case 'password':
          return (await answerOf(api.POST('/api/hq/accounts/{login}/password', { params })))
            .password
        case 'authenticator':
          await doneOf(api.DELETE('/api/hq/accounts/{login}/authenticator', { params }))
          return ''
        case 'remove':
          await doneOf(api.DELETE('/api/hq/accounts/{login}', { params }))
          return ''
      }
    },
    onSettled: reread,
    gcTime: 0,
  })
}

export function useUnits(words: Readonly<Ref<string>>, wanted: Readonly<Ref<boolean>>) {
  const api = useApi()
  const campaign = useCampaignId()
  return useQuery({
    queryKey: computed(() => ['units', campaign.value, words.value]),
    queryFn: async (): Promise<readonly FoundUnit[]> =>
      (await answerOf(
        api.GET('/api/hq/campaigns/{campaign}/units', {
          params: { path: { campaign: campaign.value }, query: { q: words.value } },
        }),
      )) ?? [],
    enabled: wanted,
  })
}

function useReread() {
  const queries = useQueryClient()
  return async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: ['accounts'] })
    await queries.invalidateQueries({ queryKey: ['sessions'] })
    await queries.invalidateQueries({ queryKey: ['me'] })
  }
}
