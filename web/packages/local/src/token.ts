/** Access tokens, obtained with an assertion signed by the device's key (RFC 7523). */
import {
  grantType,
  newId,
  parseToken,
  toBase64Url,
  utf8,
  type Id,
  type Token,
} from '@sansuiji/protocol'

import type { Store } from './capture'
import { isProblem, ProblemError } from './failure'
import { send, type Server } from './http'
import type { DeviceKey } from './keys'
import { noteWipe } from './report'
import { getNumber, requireIdentity, set } from './state'

/** How long an assertion is good for. Seconds; headquarters takes five minutes at most. */
const assertionSeconds = 120

/** A token is renewed this long before it expires. Milliseconds. */
const renewBeforeMs = 30_000

/** What asking for a token needs. */
export interface Asking {
  readonly store: Store
  readonly server: Server
  readonly key: DeviceKey
}

/** A token and when to ask for the next, by this device's clock. */
export interface HeldToken {
  readonly text: string
  readonly renewAt: number
}

/**
 * Asks for a token. A device whose clock is off learns headquarters' time from
 * the refusal and asks once more with it.
 */
export async function requestToken(asking: Asking): Promise<HeldToken> {
  try {
    return await requestOnce(asking)
  } catch (error) {
    if (!isProblem(error, 'assertion-clock')) throw error
    const { serverTime } = error.problem
    if (serverTime === undefined) throw new ProblemError(error.problem)
    noteServerTime(asking.store, serverTime)
    return requestOnce(asking)
  }
}

async function requestOnce(asking: Asking): Promise<HeldToken> {
  const { store, server } = asking
  const form = new URLSearchParams({ grant_type: grantType, assertion: await assertion(asking) })
  const answer = await send(server, { method: 'POST', path: '/api/v1/token', form })
  const token: Token = parseToken(answer)
  noteServerTime(store, token.server_time)
  if (token.bundle_key !== undefined) set(store.database, 'bundle_key', token.bundle_key)
  noteWipe(store.database, token.wipe_ordered === true)
  return {
    text: token.access_token,
    renewAt: store.clock() + token.expires_in * 1000 - renewBeforeMs,
  }
}

/** Remembers how far headquarters' clock is ahead of ours. */
function noteServerTime(store: Store, serverTime: number): void {
  set(store.database, 'server_ahead_ms', serverTime - store.clock())
}

async function assertion({ store, server, key }: Asking): Promise<string> {
  const { device } = requireIdentity(store.database)
  const now = store.clock() + getNumber(store.database, 'server_ahead_ms')
  const issuedAt = Math.floor(now / 1000)
  const claims = claimsOf(device, `${server.origin}/api/v1/token`, issuedAt)
  const body = { ...claims, jti: newId(now, store.random) }
  const message = `${part({ alg: 'ES256', typ: 'JWT' })}.${part(body)}`
  return `${message}.${toBase64Url(await key.sign(utf8(message)))}`
}

function claimsOf(device: Id, audience: string, issuedAt: number): object {
  const exp = issuedAt + assertionSeconds
  return { iss: device, sub: device, aud: audience, iat: issuedAt, exp }
}

function part(value: object): string {
  return toBase64Url(utf8(JSON.stringify(value)))
}
