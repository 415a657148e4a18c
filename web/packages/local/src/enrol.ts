/** Turns this installation into an enrolled device with a one-time code. */
import { enrolBytes, newId, parseEnrolment, parseId, type Id } from '@sansuiji/protocol'

import type { Store } from './capture'
import { pinKey } from './checkpoint'
import { send, type Server } from './http'
import type { KeyStore } from './keys'
import { forgetWipe } from './report'
import { get, getText, getId, noteContact, raiseClock, set, setId, type Identity } from './state'
import { requireIdentity } from './state'

/** What enrolling needs. */
export interface Enrolling {
  readonly store: Store
  readonly server: Server
  readonly keys: KeyStore
}

/**
 * Enrols with a code. When the answer is lost on the way, the same code gives the
 * same device again.
 */
export async function enrol(
  { store, server, keys }: Enrolling,
  code: string,
  name: string,
): Promise<Identity> {
  const key = (await keys.load()) ?? (await keys.create())
  const sentCode = code.trim()
  const device = deviceFor(store, sentCode)
  const answer = await send(server, {
    method: 'POST',
    path: '/api/v1/enrol',
    body: {
      code: sentCode,
      device_id: device,
      name,
      public_key: key.publicKey,
      signature: await key.sign(enrolBytes(sentCode, device, key.publicKey)),
    },
  })
  const enrolment = parseEnrolment(answer)
  const { database } = store
  return database.transaction(() => {
    setId(database, 'campaign_id', parseId(enrolment.campaign_id))
    setId(database, 'inspector_id', parseId(enrolment.inspector_id))
    set(database, 'public_key', key.publicKey)
    pinKey(database, enrolment.hq_key)
    set(database, 'campaign_name', enrolment.campaign_name)
    set(database, 'inspector_name', enrolment.inspector_name)
    set(database, 'team_name', enrolment.team_name)
    set(database, 'server_ahead_ms', enrolment.server_time - store.clock())
    raiseClock(database, BigInt(enrolment.clock))
    noteContact(database, store.clock())
    forgetWipe(database)
    return requireIdentity(database)
  })
}

/** The id minted for this code, kept before it is sent so that a retry sends it again. */
function deviceFor(store: Store, code: string): Id {
  const { database } = store
  return database.transaction(() => {
    if (getText(database, 'enrol_code') === code && get(database, 'device_id') !== null) {
      return getId(database, 'device_id')
    }
    const device = newId(store.clock(), store.random)
    set(database, 'enrol_code', code)
    setId(database, 'device_id', device)
    return device
  })
}
