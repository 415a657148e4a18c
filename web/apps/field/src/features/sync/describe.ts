/** Which words name a change. */
import type { Described, Stage } from '@sansuiji/local'

import type { Tone } from '../../parts/tones'

const named = [
  ...['finding', 'verification', 'comment', 'visit'],
  'attachment',
  ...['roster', 'roster_person', 'opening', 'household', 'contact', 'mirror'],
  ...['answer', 'signoff'],
]

/** Where an entry can be, in the order in which it gets there. */
export const stages: readonly Stage[] = ['phone', 'headquarters', 'backup']

/** Colours of where an entry is. */
export const stageTones: Readonly<Record<Stage, Tone>> = {
  phone: 'warn',
  headquarters: 'info',
  backup: 'good',
}

/** The key of the words for what was done. */
export function actKey({ table, operation }: Described): string {
  const verb = operation === 'insert' ? 'insert' : 'update'
  return `sync.act.${verb}.${named.includes(table) ? table : 'other'}`
}

/** Attachments listed one by one. */
export const bytesListMax = 100

/** The key of the words for a kind of attachment. */
export function bytesKey(kind: string): string {
  return ['photo', 'sound', 'signature', 'page'].includes(kind) ? kind : 'other'
}
