import { decodeCbor, schemaVersion } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { formOf } from './form'
import { memoryKeys } from './keys'
import { createService, type StoreEvent } from './service'
import { set } from './state'
import { MemoryTalkFiles } from './talk.testing'
import { emptyStore, FakeHeadquarters, ids, refuse, reply, seedRows, start } from './testing'

const enrolment = {
  campaign_id: ids.campaign,
  campaign_name: '二〇二六年第一批',
  device_id: ids.device,
  inspector_id: ids.inspector,
  inspector_name: '測試甲',
  team_name: '第一組',
  epoch: ids.epoch,
  clock: '117309440008060935',
  server_time: start,
  schema_version: 1,
}

async function service(answer: (request: Request) => Response | Promise<Response>) {
  const store = await emptyStore()
  const events: StoreEvent[] = []
  const headquarters = new FakeHeadquarters()
  const fetch = (request: Request) =>
    request.url.endsWith('/enrol')
      ? Promise.resolve(request).then(answer)
      : headquarters.server.fetch(request)
  const created = createService({
    store,
    server: { origin: 'https://hq.example', fetch },
    keys: memoryKeys(),
    talkFiles: new MemoryTalkFiles(),
    tell: (event) => events.push(event),
  })
  return { store, events, headquarters, created }
}

test('a device enrols, records, syncs, and its screens show it', async () => {
  const { store, events, created } = await service(() => reply(enrolment))
  expect(await created.identity()).toBeNull()
  expect(await created.enrol(' AB-12 ', '手機')).toMatchObject({ inspectorName: '測試甲' })
  seedRows(store.database)
  set(store.database, 'schema', schemaVersion)

  await created.keepForm(formOf.newFinding(ids.visit), '{"title":"半句"}')
  const { id, changed } = await created.saveFinding({
    id: null,
    visit: ids.visit,
    problem: ids.problem,
    kind: 'problem',
    title: ' 公示欄\0過期 ',
    detail: '',
    severity: 'serious',
    place: { latitudeE7: 1.5, longitudeE7: 2, accuracyM: 8.4 },
    submit: true,
  })
  expect(changed).toBe(true)
  expect(await created.keptForm(formOf.newFinding(ids.visit))).toBeNull()
  await expect.poll(() => events).toContainEqual({ kind: 'changed' })
  await created.addComment(id, '請組長看一下')

  expect(await created.visits()).toMatchObject([{ name: '測試村', problems: 1, findings: 1 }])
  expect(await created.finding(id)).toMatchObject({
    title: '公示欄過期',
    problem: '臺賬不全',
    status: 'submitted',
    accuracyM: 8,
    unsent: true,
    comments: [{ body: '請組長看一下', author: '測試甲' }],
  })
  expect(await created.status()).toMatchObject({
    counts: { waiting: 2 },
    waiting: [{ changes: [{ table: 'finding', title: '公示欄過期', unit: '測試村' }] }, {}],
  })

  expect(await created.sync()).toMatchObject({ failure: null, pushed: 2 })
  expect(await created.finding(id)).toMatchObject({ unsent: false })
  await created.withdrawFinding(id, '記錯了單位')
  expect(await created.visit(ids.visit)).toMatchObject({
    findings: 0,
    findingList: [{ id, unsent: true }],
  })
})

test('a refused code says why, and a lost answer is asked for again as the same device', async () => {
  const seen: unknown[] = []
  const { created } = await service(async (request) => {
    const { device_id } = decodeCbor(new Uint8Array(await request.arrayBuffer())) as {
      device_id: string
    }
    seen.push(device_id)
    if (seen.length === 1) throw new TypeError('cut off')
    return refuse(409, 'enrolment-code-used')
  })
  await expect(created.enrol('AB', 'x')).rejects.toThrow('cut off')
  await expect(created.enrol('AB', 'x')).rejects.toThrow('enrolment-code-used')
  await expect(created.enrol('CD', 'x')).rejects.toThrow('enrolment-code-used')
  expect(seen[1]).toBe(seen[0])
  expect(seen[2]).not.toBe(seen[0])
})
