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

/** A clock this far off is worth a word. Milliseconds. */
const offMs = 5 * 60_000

/** By how many minutes the clock is off; 0 when near enough. */
export function minutesOff(serverAheadMs: number): number {
  return Math.abs(serverAheadMs) < offMs ? 0 : Math.round(Math.abs(serverAheadMs) / 60_000)
}
