/** The rows of interviews, and where they are held. */
import { idBytes, type Id, type Random } from '@sansuiji/protocol'

import type { Saving } from './capture'
import type { Database } from './database'
import { RefusedError } from './refused'
import { maybeText } from './row'
import { recipientsOf, type Recipients } from './seal'
import { campaignCode, siteOf } from './site'
import { getId, requireIdentity } from './state'
import type { Setting } from './talkDocument'
import { put } from './write'

/** To whom this device's campaign seals. */
export function campaignRecipients(database: Database): Recipients {
  const id = idBytes(getId(database, 'campaign_id'))
  const row = database.row('SELECT seal_to FROM campaign WHERE id = ?', id)
  return recipientsOf(row ? maybeText(row, 'seal_to') : null)
}

/** The recipients, without which no interview is held. */
export function requireRecipients(database: Database): readonly string[] {
  const recipients = campaignRecipients(database)
  if (recipients.kind === 'ready') return recipients.list
  throw new RefusedError(recipients.kind === 'none' ? 'seal-missing' : 'seal-wrong')
}

const unitOfVisit = `
  SELECT u.code, u.name FROM visit v LEFT JOIN unit u ON u.id = v.unit_id WHERE v.id = ?`

/** Where an interview of a visit is held, and by whom. */
export function settingOf(database: Database, visit: Id): Setting {
  const { inspector, inspectorName } = requireIdentity(database)
  const row = database.row(unitOfVisit, idBytes(visit))
  return {
    campaign: campaignCode(database),
    site: siteOf(database, visit)?.site ?? null,
    unit: {
      code: (row && maybeText(row, 'code')) ?? '',
      name: (row && maybeText(row, 'name')) ?? '',
    },
    interviewer: { id: inspector, name: inspectorName },
  }
}

/** Crockford's base 32: nobody takes one of these for another. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 6

/** A code that tells nothing of anybody, and that no interview of the visit has. */
export function newCode(database: Database, visit: Id, random: Random): string {
  const taken = 'SELECT 1 FROM interview WHERE visit_id = ? AND code = ?'
  for (;;) {
    const code = Array.from(random(codeLength), (byte) => alphabet[byte & 31]).join('')
    if (!database.row(taken, idBytes(visit), code)) return code
  }
}

/** What is written of an interview, sealed or refused. */
export interface TalkRow {
  readonly visit: Id
  readonly code: string
  readonly drawn: boolean
  readonly consent: string
  readonly consentAt: number
  readonly endedAt: number
  readonly sealed: Uint8Array | null
  readonly sealedTo: string | null
}

/** Writes an interview. */
export function putTalk(saving: Saving, id: Id, row: TalkRow): void {
  put(saving, 'interview', id, {
    visit_id: idBytes(row.visit),
    code: row.code,
    drawn: row.drawn ? 1 : 0,
    consent: row.consent,
    consent_at: row.consentAt,
    ended_at: row.endedAt,
    sealed: row.sealed,
    sealed_to: row.sealedTo,
    inspector_id: idBytes(saving.identity.inspector),
  })
}
