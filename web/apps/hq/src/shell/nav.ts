/** The screens of a campaign and how much waits on each. */
import type { Overview } from '../api/types'
import type { IconName } from '../parts/Icon.vue'

export interface NavItem {
  readonly name: IconName
  readonly waiting: number
}

/** What the badges count; nothing while the overview is not there yet. */
export function navItems(overview: Overview | undefined): readonly NavItem[] {
  const { pending = 0, conflicts = 0, quarantined = 0, held = 0, aside = 0 } = overview ?? {}
  return [
    { name: 'overview', waiting: 0 },
    { name: 'findings', waiting: pending },
    { name: 'conflicts', waiting: conflicts },
    { name: 'quarantine', waiting: quarantined + held + aside },
    { name: 'attachments', waiting: 0 },
    { name: 'draws', waiting: 0 },
    { name: 'sites', waiting: 0 },
    { name: 'desk', waiting: 0 },
    { name: 'devices', waiting: 0 },
  ]
}

/** A count that fits a badge. */
export function badgeText(count: number): string {
  return count > 999 ? '999+' : String(count)
}
