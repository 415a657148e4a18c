/**
 * Secrets, which never leave the browser before the dice have fallen: what the server
 * gets is their hash.
 */
import { commit, hashOf, isHash, type Hash, type Plan, ceremonyOf } from '@sansuiji/draw'

/** A secret as its holder's file has it; `sansuiji draw commit` writes the same. */
export interface HeldSecret {
  readonly ceremony: string
  readonly role: string
  readonly secret: Hash
}

/** Makes a secret of 32 random bytes. */
export function newSecret(ceremony: string, role: string): HeldSecret {
  return { ceremony, role, secret: hashOf(crypto.getRandomValues(new Uint8Array(32))) }
}

export function commitmentOf({ ceremony, role, secret }: HeldSecret): Hash {
  return commit(ceremony, role, secret)
}

/** The name of a secret's file; a ceremony's name has a stroke that files cannot have. */
export function secretFileName({ ceremony, role }: HeldSecret): string {
  return `密數-${ceremony.replaceAll('/', '-')}-${role.replaceAll(':', '-')}.json`
}

export function secretFileText(held: HeldSecret): string {
  return `${JSON.stringify(held, null, 2)}\n`
}

/** What stood in a file or was typed: a secret, or why it is none. */
export type Opened =
  | { readonly kind: 'opened'; readonly role: string; readonly secret: Hash }
  | {
      readonly kind: 'unreadable' | 'other-ceremony' | 'no-role' | 'mismatch'
      readonly role: string
    }

/** Reads a secret's file and compares it with the plan. */
export function openFile(plan: Plan, text: string): Opened {
  const held = parseHeld(text)
  if (held === undefined) return { kind: 'unreadable', role: '' }
  const { ceremony, role, secret } = held
  if (ceremony !== ceremonyOf(plan)) return { kind: 'other-ceremony', role }
  return openText(plan, role, secret)
}

/** Compares typed digits with the plan; spaces and capitals do no harm. */
export function openText(plan: Plan, role: string, typed: string): Opened {
  const secret = typed.replaceAll(/[\s-]/g, '').toLowerCase()
  if (!isHash(secret)) return { kind: 'unreadable', role }
  const holder = plan.commitments.find((one) => one.role === role)
  if (holder === undefined) return { kind: 'no-role', role }
  if (commit(ceremonyOf(plan), role, secret) !== holder.commit) return { kind: 'mismatch', role }
  return { kind: 'opened', role, secret }
}

function parseHeld(text: string): HeldSecret | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isHeld(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isHeld(value: unknown): value is HeldSecret {
  if (typeof value !== 'object' || value === null) return false
  const { ceremony, role, secret } = value as Record<string, unknown>
  return (
    typeof ceremony === 'string' &&
    typeof role === 'string' &&
    typeof secret === 'string' &&
    isHash(secret)
  )
}
