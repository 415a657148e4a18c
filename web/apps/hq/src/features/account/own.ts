/** One's own password and authenticator. */
import { useMutation, useQueryClient } from '@tanstack/vue-query'

import { answerOf, doneOf, useApi } from '../../api/client'

const passwordMin = 10

export interface PasswordForm {
  old: string
  fresh: string
  again: string
}

/** What is wrong with a form, by field: a key of the words. The server judges again. */
export function gapsOf({
  old,
  fresh,
  again,
}: PasswordForm): Partial<Record<keyof PasswordForm, string>> {
  return {
    ...(old === '' ? { old: 'account.own.need.old' } : {}),
    ...(Array.from(fresh).length < passwordMin
      ? { fresh: 'account.own.need.fresh' }
      : fresh === old
        ? { fresh: 'account.own.need.other' }
        : {}),
    ...(again === fresh ? {} : { again: 'account.own.need.again' }),
  }
}

export function useChangePassword() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ old, fresh }: PasswordForm) =>
      doneOf(api.PUT('/api/hq/me/password', { body: { old, new: fresh } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
    gcTime: 0,
  })
}

/** A secret for an app; it is asked for only after its first code was given. */
export function useBeginAuthenticator() {
  const api = useApi()
  return useMutation({
    mutationFn: (password: string) =>
      answerOf(api.POST('/api/hq/me/authenticator', { body: { password } })),
    gcTime: 0,
  })
}

/** Gives recovery codes. */
export function useConfirmAuthenticator() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (code: string) =>
      (await answerOf(api.PUT('/api/hq/me/authenticator', { body: { code } }))).recovery_codes ??
      [],
    onSuccess: () => queries.invalidateQueries({ queryKey: ['me'] }),
    gcTime: 0,
  })
}

export function useRemoveAuthenticator() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly password: string; readonly code: string }) =>
      doneOf(api.POST('/api/hq/me/authenticator/removal', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['me'] }),
    gcTime: 0,
  })
}
