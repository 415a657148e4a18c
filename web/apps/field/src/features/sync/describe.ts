/** Which words name a change. */
import type { Described } from '@sansuiji/local'

const named = ['finding', 'verification', 'comment', 'visit']

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
