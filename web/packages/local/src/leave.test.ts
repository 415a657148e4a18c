import { expect, test } from 'vitest'

import { leave, leaveMaxMs, type Leaving } from './leave'
import { memoryPhotoFiles } from './photoFiles'
import { saveFinding } from './record'
import { isWipeOrdered, set } from './state'
import { sync } from './sync'
import { contactOf, enrolledStore, FakeHeadquarters, ids, refuse, reply, start } from './testing'

const finding = {
  ...{ id: null, visit: ids.visit, problem: null, kind: 'problem' as const, detail: '' },
  ...{ severity: null, place: null, submit: true, title: '帳目未公開' },
}

/** A headquarters that knows of wipes. */
class Ordering extends FakeHeadquarters {
  ordered = false
  readonly reports: unknown[] = []
  readonly wiped: unknown[] = []
  override readonly server = {
    origin: 'https://hq.example',
    fetch: async (request: Request): Promise<Response> => {
      const { pathname } = new URL(request.url)
      if (!this.online) throw new TypeError('network')
      if (pathname.endsWith('/pull') && this.ordered) return refuse(403, 'device-wipe-ordered')
      if (pathname.endsWith('/contact')) {
        this.reports.push(await bodyOf(request))
        return reply({ wipe_ordered: this.ordered })
      }
      if (pathname.endsWith('/wiped')) {
        this.wiped.push(await bodyOf(request))
        return new Response(null, { status: 204 })
      }
      return this.answer(request)
    },
  }
}

async function bodyOf(request: Request): Promise<unknown> {
  const { decodeCbor } = await import('@sansuiji/protocol')
  return decodeCbor(new Uint8Array(await request.arrayBuffer()))
}

async function phone() {
  const store = await enrolledStore()
  const headquarters = new Ordering()
  const contact = contactOf(store, headquarters)
  let erased = false
  let now = start
  const parts: Leaving = {
    ...{ database: store.database, files: memoryPhotoFiles() },
    contact: () => Promise.resolve(contact),
    clock: () => now,
    wait: (millis) => {
      now += millis
      return millis > 60_000 ? new Promise(() => undefined) : Promise.resolve()
    },
    sendPhotos: () => Promise.resolve(),
    erase: () => {
      erased = true
      return Promise.resolve()
    },
    changed: () => undefined,
  }
  return { store, headquarters, contact, parts, erased: () => erased }
}

test('a device says how it stands, once in a sync, and learns that it is to leave', async () => {
  const { store, headquarters, contact } = await phone()
  await sync(contact, '0.2.0')
  expect(headquarters.reports).toEqual([{ app_version: '0.2.0', unsent: 0, log_size: 0 }])
  expect(isWipeOrdered(store.database)).toBe(false)
  headquarters.ordered = true
  expect(await sync(contact, '0.2.0')).toMatchObject({ failure: { kind: 'problem' } })
  expect(isWipeOrdered(store.database)).toBe(true)
  headquarters.ordered = false // it stays so: silence takes nothing back
  await sync(contact, '0.2.0')
  expect(isWipeOrdered(store.database)).toBe(true)
})

test('it brings what headquarters lacks before it wipes itself, and says so', async () => {
  const { store, headquarters, parts, erased } = await phone()
  saveFinding(store, finding)
  saveFinding(store, { ...finding, title: '公示欄空白' })
  const left = await leave(parts)
  expect(left).toEqual({ lost: { entries: 0, attachments: 0 }, told: true })
  expect([headquarters.held.length, erased()]).toEqual([2, true])
  expect(headquarters.wiped).toEqual([{ entries: 0, attachments: 0 }])
  expect(() => store.database.row('SELECT 1')).toThrow()
})

test('without a network it waits, and leaves all the same in the end', async () => {
  const { store, headquarters, parts, erased } = await phone()
  saveFinding(store, finding)
  headquarters.online = false
  expect(await leave(parts)).toEqual({ lost: { entries: 1, attachments: 0 }, told: false })
  expect(parts.clock()).toBeGreaterThanOrEqual(start + leaveMaxMs)
  expect([headquarters.held.length, erased()]).toEqual([0, true])
})

test('a restart does not give it more time', async () => {
  const { store, headquarters, parts } = await phone()
  saveFinding(store, finding)
  set(store.database, 'leaving_since', start - leaveMaxMs)
  headquarters.online = false
  await leave(parts)
  expect(parts.clock()).toBeLessThan(start + leaveMaxMs)
})
