/** How a device stands: what it last said of itself, and what it was told. */
import type { Device } from '../../api/types'
import type { Tone } from '../../parts/tone'

/** Wiping, in the order it goes; nothing makes a phone wipe itself that never asks. */
export type Standing = 'ready' | 'silent' | 'wipe-unseen' | 'wipe-seen' | 'wiped' | 'revoked'

/** After how long without a word a device counts as silent. */
export const silentMillis = 3 * 86_400_000

/** When it was last heard of: a report, or entries. Undefined: never. */
export function heardAt({ seen_at, last_contact }: Device): number | undefined {
  const times = [seen_at, last_contact].filter((at) => at !== undefined)
  return times.length > 0 ? Math.max(...times) : undefined
}

export function standingOf(device: Device, now: number): Standing {
  const { wiped_at, wipe_ordered_at, revoked_at, enrolled_at } = device
  if (wiped_at !== undefined) return 'wiped'
  if (wipe_ordered_at !== undefined) {
    return (heardAt(device) ?? 0) > wipe_ordered_at ? 'wipe-seen' : 'wipe-unseen'
  }
  if (revoked_at !== undefined) return 'revoked'
  return now - (heardAt(device) ?? enrolled_at) > silentMillis ? 'silent' : 'ready'
}

export const tones: Readonly<Record<Standing, Tone>> = {
  ready: 'good',
  silent: 'warn',
  'wipe-unseen': 'warn',
  'wipe-seen': 'warn',
  wiped: 'neutral',
  revoked: 'bad',
}

/** What can still be done about a device. */
export type Act = 'revoke' | 'wipe'

export function actsOf(device: Device): readonly Act[] {
  return [
    ...(device.revoked_at === undefined ? (['revoke'] as const) : []),
    ...(device.wipe_ordered_at === undefined ? (['wipe'] as const) : []),
  ]
}

/** Whether some of what a device recorded may be on it alone. */
export function mayLose(device: Device): boolean {
  return (device.unsent ?? 0) > 0 || device.seen_at === undefined
}
