/** The form of a new account. */
import type { FoundUnit, NewAccount, Role } from './accounts'

export interface AccountForm {
  login: string
  name: string
  role: Role
}

export type FieldName = 'login' | 'name' | 'unit'

/** What is wrong with a form, by field: a key of the words. */
export function gapsOf(
  { login, name, role }: AccountForm,
  unit: FoundUnit | undefined,
): Partial<Record<FieldName, string>> {
  return {
    ...(/^[a-z0-9][a-z0-9._-]{1,59}$/.test(login) ? {} : { login: 'account.need.login' }),
    ...(name.trim() === '' ? { name: 'account.need.name' } : {}),
    ...(role === 'unit' && unit === undefined ? { unit: 'account.need.unit' } : {}),
  }
}

export function sentOf(
  form: AccountForm,
  unit: FoundUnit | undefined,
  campaign: string,
): NewAccount {
  const { login, role } = form
  return {
    login,
    role,
    name: form.name.trim(),
    ...(role === 'unit' && unit ? { campaign_id: campaign, unit_id: unit.id } : {}),
  }
}

/** What a browser is, out of what it calls itself. */
export function browserOf(agent: string): string {
  const found = (names: readonly (readonly [RegExp, string])[]): string =>
    names.find(([pattern]) => pattern.test(agent))?.[1] ?? ''
  const browser = found([
    [/MicroMessenger/, 'WeChat'],
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ])
  const system = found([
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/Linux/, 'Linux'],
  ])
  return [browser, system].filter((part) => part !== '').join(' · ') || agent.slice(0, 40)
}
