/** Which colour says what: good, warn, bad or info. */

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'plain'

/** Colours of a verification's outcome. */
export const outcomeTones: Readonly<Record<string, Tone>> = {
  rectified: 'good',
  partly: 'warn',
  not: 'bad',
  sham: 'bad',
}

/** Colours of a severity. */
export const severityTones: Readonly<Record<string, Tone>> = {
  minor: 'plain',
  moderate: 'info',
  serious: 'warn',
  critical: 'bad',
}

/** Colours of a visit's status. */
export const visitTones: Readonly<Record<string, Tone>> = {
  planned: 'plain',
  arrived: 'info',
  left: 'good',
  closed: 'good',
}

/** Colours of headquarters' review of a finding. */
export const reviewTones: Readonly<Record<string, Tone>> = {
  pending: 'plain',
  accepted: 'good',
  returned: 'bad',
}

/** Colours of a ledger entry's state. */
export const ledgerTones: Readonly<Record<string, Tone>> = {
  open: 'warn',
  claimed: 'info',
  closed: 'good',
}
