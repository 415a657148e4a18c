/** A reminder as text, for messages. */
import type { Language } from '@sansuiji/protocol'
import { formatDay } from '@sansuiji/ui'

import type { Reminder } from '../../api/types'

export interface Saying {
  readonly t: (word: string, values?: Readonly<Record<string, unknown>>) => string
  readonly language: Language
  readonly today: string
}

/** How far a deadline is. */
export function distance(days: number, t: Saying['t']): string {
  if (days < 0) return t('ledger.reminders.late', { days: -days })
  return days === 0 ? t('ledger.reminders.today') : t('ledger.reminders.left', { days })
}

export function reminderText(reminder: Reminder, { t, language, today }: Saying): string {
  const lines = reminder.items.map(
    (item, i) =>
      `${i + 1}. ${item.problem}（${item.unit}）${item.measure} — ` +
      `${formatDay(item.due_at, language)}，${distance(item.days, t)}`,
  )
  return [
    t('ledger.reminders.heading'),
    t('ledger.reminders.to', { unit: reminder.responsible_unit }),
    t('ledger.reminders.body'),
    ...lines,
    t('ledger.reminders.sign', { date: today }),
  ].join('\n')
}
