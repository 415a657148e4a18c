/** The screens of a campaign and how much waits on each. */
import type { Overview } from '../api/types'
import type { IconName } from '../parts/Icon.vue'

export interface NavItem {
  readonly name: IconName
  readonly waiting: number
  /** A part of the menu begins here: a key of its words. */
  readonly begins?: 'field' | 'after' | 'office'
}

/** The screens that a person is shown, and what the badges count: nothing while that is not there yet. */
export function navItems(
  overview: Overview | undefined,
  isShown: (name: string) => boolean,
): readonly NavItem[] {
  return allItems(overview).filter(({ name }) => isShown(String(name)))
}

function allItems(overview: Overview | undefined): readonly NavItem[] {
  const { pending = 0, conflicts = 0, quarantined = 0, held = 0, aside = 0 } = overview ?? {}
  return [
    { name: 'overview', waiting: 0 },
    { name: 'findings', waiting: pending },
    { name: 'conclusions', waiting: 0 },
    { name: 'reports', waiting: 0 },
    { name: 'conflicts', waiting: conflicts },
    { name: 'quarantine', waiting: quarantined + held + aside },
    { name: 'attachments', waiting: 0 },
    { name: 'visits', waiting: 0 },
    { name: 'draws', waiting: 0, begins: 'field' },
    { name: 'sites', waiting: 0 },
    { name: 'desk', waiting: 0 },
    { name: 'devices', waiting: 0 },
    { name: 'ledger', waiting: 0, begins: 'after' },
    { name: 'scores', waiting: 0 },
    { name: 'ballots', waiting: 0 },
    { name: 'setup', waiting: 0, begins: 'office' },
    { name: 'questions', waiting: 0 },
    { name: 'people', waiting: 0 },
    { name: 'sealed', waiting: 0 },
    { name: 'audit', waiting: 0 },
    { name: 'links', waiting: 0 },
  ]
}

/** A count that fits a badge. */
export function badgeText(count: number): string {
  return count > 999 ? '999+' : String(count)
}
