/** Which colour goes with which choice. The word is always there too. */

export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad' | 'worst'

const tones: Readonly<Record<string, Tone>> = {
  'finding.severity.minor': 'neutral',
  'finding.severity.moderate': 'info',
  'finding.severity.serious': 'warn',
  'finding.severity.critical': 'worst',
  'finding.review_state.pending': 'info',
  'finding.review_state.accepted': 'good',
  'finding.review_state.returned': 'bad',
  'finding.status.draft': 'warn',
  'finding.kind.achievement': 'good',
  'verification.outcome.rectified': 'good',
  'verification.outcome.partly': 'warn',
  'verification.outcome.not': 'bad',
  'verification.outcome.sham': 'worst',
  'visit.status.arrived': 'info',
  'visit.status.left': 'warn',
  'visit.status.closed': 'good',
  'signoff.result.signed': 'good',
  'signoff.result.refused': 'bad',
  'signoff.result.absent': 'warn',
  'ledger_entry.state.open': 'warn',
  'ledger_entry.state.claimed': 'info',
  'ledger_entry.state.checked': 'info',
  'ledger_entry.state.closed': 'good',
  'ledger_act.kind.checked': 'info',
  'ledger_act.kind.closed': 'good',
  'ledger_act.kind.rejected': 'bad',
  'ledger_act.kind.reopened': 'bad',
  'problem.severity.moderate': 'info',
  'problem.severity.serious': 'warn',
  'problem.severity.critical': 'worst',
  'review.decision.accepted': 'good',
  'review.decision.returned': 'bad',
  'review.decision.resolved': 'info',
}

/** The tone of one value of a column. */
export function toneOf(table: string, column: string, code: string): Tone {
  return tones[`${table}.${column}.${code}`] ?? 'neutral'
}
