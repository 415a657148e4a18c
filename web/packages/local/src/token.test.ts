import { expect, test } from 'vitest'

import { openContact } from './contact'
import { failureOf } from './failure'
import { getNumber } from './state'
import { enrolledStore, ids, refuse, reply } from './testing'

interface Assertion {
  readonly iat: number
  readonly exp: number
  readonly aud: string
  readonly iss: string
}

async function claimsIn(request: Request): Promise<Assertion> {
  const form = new URLSearchParams(await request.text())
  const [, claims = ''] = (form.get('assertion') ?? '').split('.')
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Assertion
}

test('a device whose clock is off learns the time from the refusal and asks once more', async () => {
  const store = await enrolledStore()
  const serverTime = Date.UTC(2031, 0, 1)
  const seen: Assertion[] = []
  const fetch = async (request: Request) => {
    if (!request.url.endsWith('/token')) return reply({ fine: true })
    const claims = await claimsIn(request)
    seen.push(claims)
    const off = Math.abs(claims.iat * 1000 - serverTime) > 60_000
    if (off) return refuse(401, 'assertion-clock', { server_time: serverTime })
    return reply({
      access_token: 'x',
      token_type: 'Bearer',
      expires_in: 600,
      server_time: serverTime,
    })
  }
  const server = { origin: 'https://hq.example', fetch }
  const contact = openContact({ store, server, key: store.key, progress: () => undefined })
  expect(await contact.send({ method: 'GET', path: '/x' })).toEqual({ fine: true })
  await contact.send({ method: 'GET', path: '/x' })
  expect(seen.length).toBe(2)
  expect(seen[1]).toMatchObject({ iss: ids.device, aud: 'https://hq.example/api/v1/token' })
  expect((seen[1]?.exp ?? 0) - (seen[1]?.iat ?? 0)).toBeLessThanOrEqual(300)
  expect(getNumber(store.database, 'server_ahead_ms')).toBeGreaterThan(1e11)
})

test('a token that headquarters no longer knows is renewed once', async () => {
  const store = await enrolledStore()
  let tokens = 0
  const fetch = (request: Request) => {
    if (request.url.endsWith('/token')) {
      tokens += 1
      return Promise.resolve(
        reply({ access_token: String(tokens), expires_in: 600, server_time: store.clock() }),
      )
    }
    const valid = request.headers.get('Authorization') === 'Bearer 2'
    return Promise.resolve(valid ? reply({ fine: true }) : refuse(401, 'unauthorised'))
  }
  const server = { origin: 'https://hq.example', fetch }
  const contact = openContact({ store, server, key: store.key, progress: () => undefined })
  expect(await contact.send({ method: 'GET', path: '/x' })).toEqual({ fine: true })
  expect(tokens).toBe(2)
})

test('a gateway that answers with its own page counts as no answer', async () => {
  const store = await enrolledStore()
  const fetch = () =>
    Promise.resolve(new Response('<html>', { headers: { 'Content-Type': 'text/html' } }))
  const server = { origin: 'https://hq.example', fetch }
  const contact = openContact({ store, server, key: store.key, progress: () => undefined })
  const failure = await contact.send({ method: 'GET', path: '/x' }).catch(failureOf)
  expect(failure).toEqual({ kind: 'offline' })
})
