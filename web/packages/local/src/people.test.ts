import { verifySite } from '@sansuiji/draw'
import { describe, expect, test } from 'vitest'

import { failureOf } from './failure'
import { nameHousehold, saveContact, saveHousehold, withdrawContact } from './interview'
import { countEntries } from './outbox'
import { people, peopleSummary } from './people'
import type { PeopleView, TurnsView } from './peopleViews'
import { changePerson, removePerson, savePeople, saveRoster } from './roster'
import { ids, type TestStore } from './testing'
import { openByCode, openByDice, tellCode } from './unlock'
import {
  carry,
  filesOf,
  makeVillage,
  openingsIn,
  phoneIn,
  restart,
  siteName,
} from './village.testing'

const { visit } = ids
const n = 4
const village = await makeVillage(n)

/** So many lines of a register. */
function register(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    key: `${String(Math.floor(i / 12) + 1)}-${String((i % 12) + 1)}`,
    name: `村民${String(i + 1)}`,
    note: '',
  }))
}

function view(store: TestStore): PeopleView {
  const seen = people(store.database, visit)
  if (seen === null) throw new Error('the unit has no site')
  return seen
}

function turns(store: TestStore): TurnsView {
  const seen = view(store).turns
  if (seen === null) throw new Error('the site is not opened')
  return seen
}

function unlocking(unlock = village.unlock) {
  return { visit, mode: 'desk', unlock, toldTo: '值班員乙' } as const
}

async function openedPhone(count = 30): Promise<TestStore> {
  const store = await phoneIn(village)
  savePeople(store, visit, register(count))
  tellCode(store, visit)
  await openByCode(store, unlocking())
  return store
}

/** Records a contact of the nth of those who may be asked now. */
function ask(store: TestStore, nth: number, result: string): string {
  const key = turns(store).now[nth]?.key ?? ''
  saveContact(store, { visit, key, result, note: '' })
  return key
}

function failing(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return failureOf(error)
  }
  return null
}

async function rejecting(work: Promise<unknown>): Promise<unknown> {
  return work.then(() => null, failureOf)
}

function held(store: TestStore): string {
  const { result, steps } = verifySite(filesOf(store.database, village, visit))
  return steps.find(({ problem }) => problem)?.problem?.code ?? result
}

const modes = ['desk', 'envelope', 'local']

test('a village, from the first name to the last contact, holds before an auditor', async () => {
  const store = await phoneIn(village)
  expect(view(store)).toMatchObject({ site: siteName, n, modes, opening: null, turns: null })
  saveRoster(store, visit, { kind: 'register', official: 32, note: '2025 年底' })
  for (const person of register(3)) savePeople(store, visit, [person])
  savePeople(store, visit, register(30).slice(3))
  expect(countEntries(store.database).waiting).toBe(5)
  tellCode(store, visit)
  expect(view(store).opening).toMatchObject({ size: 30, official: 32, mode: null })
  await openByCode(store, unlocking(village.unlock.toLowerCase().replaceAll('-', ' ')))
  expect(turns(store)).toMatchObject({ done: 0, used: 0, reserve: 26 })

  ask(store, 0, 'completed')
  ask(store, 0, 'refusal')
  ask(store, 0, 'non-contact')
  ask(store, 0, 'non-contact')
  expect(turns(store)).toMatchObject({ done: 1, used: 2, reserve: 24 })
  for (const result of ['completed', 'unknown', 'not-eligible']) ask(store, 1, result)
  for (const nth of [2, 1, 0]) ask(store, nth, 'completed')
  expect(turns(store).done).toBe(5)
  expect(peopleSummary(store.database, visit)).toEqual({
    ...{ n, listed: 30, told: true, opened: true, done: 5 },
  })
  expect(held(store)).toBe('holds')
})

test('an app that is killed goes on where it was, in each state', async () => {
  let store = await phoneIn(village)
  savePeople(store, visit, register(20))
  store = await restart(store)
  expect(view(store).roster.people).toHaveLength(20)
  tellCode(store, visit)
  const { code } = view(store).opening ?? {}
  store = await restart(store)
  expect(view(store).opening).toMatchObject({ code, openedAt: null })
  await openByCode(store, unlocking())
  const now = turns(store).now.map(({ key }) => key)
  store = await restart(store)
  expect(turns(store).now.map(({ key }) => key)).toEqual(now)
  ask(store, 0, 'refusal')
  store = await restart(store)
  expect(turns(store)).toMatchObject({ used: 1, over: [{ key: now[0], tried: 1 }] })
  expect(held(store)).toBe('holds')
})

describe('the roster', () => {
  test('is changed until its code is told, and then stays', async () => {
    const store = await phoneIn(village)
    expect(failing(() => tellCode(store, visit))).toMatchObject({ code: 'roster-empty' })
    savePeople(store, visit, [
      { key: '3－12', name: ' 張三\n', note: '' },
      { key: '3-13', name: '李四', note: '' },
      { key: '3-14', name: '', note: '空房' },
    ])
    changePerson(store, visit, { key: '3-12', name: '張珊', note: '' })
    removePerson(store, visit, '3-13')
    savePeople(store, visit, [{ key: '3-13', name: '李思', note: '' }])
    expect(view(store).roster.people).toMatchObject([
      { key: '3-12', name: '張珊' },
      { key: '3-13', name: '李思' },
      { key: '3-14', note: '空房' },
    ])
    tellCode(store, visit)
    const told = { code: 'roster-told' }
    expect(failing(() => tellCode(store, visit))).toMatchObject(told)
    expect(failing(() => removePerson(store, visit, '3-12'))).toMatchObject(told)
    const other = { key: '3-12', name: '王五', note: '' }
    expect(failing(() => changePerson(store, visit, other))).toMatchObject(told)
    const facts = { kind: 'doors', official: null, note: '' } as const
    expect(failing(() => saveRoster(store, visit, facts))).toMatchObject(told)
  })

  test('takes a key once, and says who has it; of several people all or none', async () => {
    const store = await phoneIn(village)
    savePeople(store, visit, register(2))
    const more = [
      { key: '9-9', name: '丁', note: '' },
      { key: '1-2', name: '戊', note: '' },
    ]
    const known = { kind: 'refused', code: 'person-known', args: ['1-2', '村民2'] }
    expect(failing(() => savePeople(store, visit, more))).toEqual(known)
    const bad = [{ key: '三頁', name: '', note: '' }]
    expect(failing(() => savePeople(store, visit, bad))).toMatchObject({ code: 'person-key' })
    expect(view(store).roster.people).toHaveLength(2)
  })

  test('that headquarters gave is only read', async () => {
    const store = await phoneIn(village)
    savePeople(store, visit, register(9))
    store.database.run(`UPDATE roster SET kind = 'committed'`)
    const given = { code: 'roster-given' }
    expect(
      failing(() => savePeople(store, visit, [{ key: '9-9', name: '', note: '' }])),
    ).toMatchObject(given)
    expect(failing(() => removePerson(store, visit, '1-1'))).toMatchObject(given)
    tellCode(store, visit)
    savePeople(store, visit, [{ key: '9-9', name: '', note: '' }])
    expect(view(store).roster.people.at(-1)).toMatchObject({ key: '9-9', late: true })
  })

  test('of a unit where nobody is drawn does not exist', async () => {
    const store = await phoneIn({ ...village, seed: () => undefined })
    expect(people(store.database, visit)).toBeNull()
    expect(peopleSummary(store.database, visit)).toBeNull()
    expect(failing(() => savePeople(store, visit, register(1)))).toMatchObject({ code: 'no-site' })
  })
})

describe('the key', () => {
  test('is refused before the code was told, for slips and for other sites, and comes once', async () => {
    const store = await phoneIn(village)
    savePeople(store, visit, register(9))
    expect(await rejecting(openByCode(store, unlocking()))).toMatchObject({ code: 'not-told' })
    tellCode(store, visit)
    const slip = village.unlock.replace(/.$/, (letter) => (letter === '0' ? '1' : '0'))
    const problem = (code: string) => ({ kind: 'draw', problem: { code } })
    expect(await rejecting(openByCode(store, unlocking(slip)))).toMatchObject(
      problem('unlock-code'),
    )
    const wrong = await rejecting(openByCode(store, unlocking(village.otherUnlock)))
    expect(wrong).toMatchObject(problem('unlock-other'))
    expect(view(store).turns).toBeNull()
    await openByCode(store, unlocking())
    const again = await rejecting(openByCode(store, unlocking()))
    expect(again).toMatchObject({ code: 'opened-already' })
  })

  test('goes with dice of the village where headquarters allows it, thrown once', async () => {
    const store = await phoneIn(village)
    savePeople(store, visit, register(30))
    tellCode(store, visit)
    const dice = (...throws: { by: string; digits: string }[]) => ({ visit, throws, toldTo: '' })
    const few = { kind: 'draw', problem: { code: 'site-dice' } }
    expect(failing(() => openByDice(store, dice()))).toMatchObject(few)
    const one = dice({ by: '甲', digits: '12345678' }, { by: ' ', digits: '' })
    expect(failing(() => openByDice(store, one))).toMatchObject(few)
    const two = dice({ by: '甲', digits: '3 5 2 6' }, { by: '乙', digits: '1143' })
    openByDice(store, two)
    expect(view(store).opening).toMatchObject({ mode: 'local', throws: [{ digits: '3526' }, {}] })
    expect(failing(() => openByDice(store, two))).toMatchObject({ code: 'opened-already' })
    ask(store, 0, 'completed')
    expect(held(store)).toBe('holds')

    const without = await phoneIn(village)
    without.database.run("UPDATE site SET key = NULL, modes = 'desk'")
    savePeople(without, visit, register(30))
    tellCode(without, visit)
    expect(failing(() => openByDice(without, two))).toMatchObject({ code: 'mode-unplanned' })
    const letter = { visit, mode: 'envelope', unlock: village.unlock, toldTo: '' } as const
    await expect(openByCode(without, letter)).rejects.toMatchObject({ code: 'mode-unplanned' })
  })
})

describe('two phones with no network', () => {
  test('give one order, whoever typed what first and opened it how', async () => {
    const [a, b] = [await phoneIn(village), await phoneIn(village, 1)]
    savePeople(a, visit, register(30))
    for (const person of register(30).reverse()) savePeople(b, visit, [person])
    for (const store of [a, b]) tellCode(store, visit)
    await openByCode(b, { ...unlocking(), mode: 'envelope' })
    await openByCode(a, unlocking())
    expect(turns(a).now).toEqual(turns(b).now)
    carry(b.database, a.database)
    carry(a.database, b.database)
    expect(openingsIn(a.database, visit)).toBe(2)
    expect(view(a).opening).toEqual(view(b).opening)
    expect(view(a).rivals).toEqual([])
    ask(a, 0, 'completed')
    carry(a.database, b.database)
    ask(b, 0, 'completed')
    carry(b.database, a.database)
    expect(turns(a)).toEqual(turns(b))
    expect(turns(a).done).toBe(2)
    expect(held(a)).toBe('holds')
  })

  test('are told that they named other rosters, and who is out of turn', async () => {
    const [a, b] = [await phoneIn(village), await phoneIn(village, 1)]
    savePeople(a, visit, register(30))
    savePeople(b, visit, register(28))
    for (const store of [a, b]) tellCode(store, visit)
    const theirs = view(b).opening?.code
    await openByCode(a, unlocking())
    openByDice(b, {
      visit,
      throws: [
        { by: '甲', digits: '3526' },
        { by: '乙', digits: '1143' },
      ],
      toldTo: '',
    })
    const first = turns(a).now.map(({ key }) => key)
    const stranger = turns(b).now.findIndex(({ key }) => !first.includes(key))
    ask(b, stranger, 'completed')
    carry(b.database, a.database)
    expect(view(a).rivals).toMatchObject([{ code: theirs }])
    expect(turns(a)).toMatchObject({ done: 0, stray: [{ problem: { code: 'contact-order' } }] })
    ask(a, 0, 'completed')
    expect(turns(a).done).toBe(1)
  })
})

describe('a contact', () => {
  test('out of turn, or of somebody who is finished with, is refused', async () => {
    const store = await openedPhone()
    const problem = (code: string) => ({ kind: 'draw', problem: { code } })
    const say = (key: string, result = 'completed') =>
      failing(() => saveContact(store, { visit, key, result, note: '' }))
    const drawn = new Set(turns(store).now.map(({ key }) => key))
    const other = register(30).find(({ key }) => !drawn.has(key))?.key ?? ''
    expect(say(other)).toMatchObject(problem('contact-order'))
    expect(say('99-1')).toMatchObject(problem('contact-stranger'))
    expect(say(turns(store).now[0]?.key ?? '', 'moody')).toMatchObject(problem('contact-result'))
    const key = ask(store, 0, 'completed')
    expect(say(key)).toMatchObject(problem('contact-again'))
    expect(turns(store).now.map((one) => one.key)).not.toContain(other)
  })

  test('before the key is there is refused', async () => {
    const store = await phoneIn(village)
    savePeople(store, visit, register(9))
    const contact = { visit, key: '1-1', result: 'completed', note: '' }
    expect(failing(() => saveContact(store, contact))).toMatchObject({ code: 'not-opened' })
  })

  test('by mistake is withdrawn with a reason, unless another leans on it', async () => {
    const store = await openedPhone()
    const key = ask(store, 0, 'refusal')
    const mistake = turns(store).over[0]?.contacts[0]?.id ?? ids.visit
    const reserve = ask(store, 3, 'completed')
    const leans = { code: 'contact-leans', args: [reserve] }
    expect(failing(() => withdrawContact(store, visit, mistake, '點錯'))).toMatchObject(leans)
    const later = turns(store).over.find((one) => one.key === reserve)?.contacts[0]?.id
    expect(failing(() => withdrawContact(store, visit, later ?? mistake, ' '))).toMatchObject({
      kind: 'missing',
    })
    withdrawContact(store, visit, later ?? mistake, '點錯')
    withdrawContact(store, visit, mistake, '點錯')
    expect(turns(store)).toMatchObject({ done: 0, used: 0, over: [] })
    expect(turns(store).now[0]).toMatchObject({
      ...{ key, tried: 0 },
      contacts: [{ result: 'refusal', withdrawnReason: '點錯' }],
    })
    ask(store, 0, 'completed')
    expect(held(store)).toBe('holds')
  })

  test('has a time after the last, though the clock was set back', async () => {
    const store = await openedPhone()
    const keys = [ask(store, 0, 'non-contact')]
    store.setClock(Date.UTC(2020, 0, 1))
    for (let i = 0; i < 5; i++) keys.push(ask(store, 0, 'non-contact'))
    const all = turns(store).now.flatMap(({ contacts }) => contacts)
    const times = all.map(({ contactedAt }) => contactedAt)
    expect(times.map((at) => at - (times[0] ?? 0))).toEqual([0, 1, 2, 3, 4, 5])
    expect(new Set(keys).size).toBe(1)
    expect(held(store)).toBe('holds')
  })
})

test('who was overlooked is added late, and comes after all others', async () => {
  const store = await openedPhone(6)
  savePeople(store, visit, [{ key: '8-1', name: '趙六', note: '外出務工' }])
  const known = { code: 'person-known', args: ['8-1', '趙六'] }
  const again = [{ key: '8-1', name: '', note: '' }]
  expect(failing(() => savePeople(store, visit, again))).toMatchObject(known)
  expect(turns(store)).toMatchObject({ reserve: 3 })
  for (let i = 0; i < 6; i++) ask(store, 0, 'refusal')
  expect(turns(store)).toMatchObject({ reserve: 0, now: [{ key: '8-1', late: true, rank: 7 }] })
  ask(store, 0, 'completed')
  expect(held(store)).toBe('holds')
})

test('a late addition that would come before somebody late who was asked is refused', async () => {
  const store = await openedPhone(3)
  const late = (i: number) => [{ key: `L-${String(i)}`, name: '', note: '' }]
  savePeople(store, visit, late(0))
  ask(store, 3, 'completed')
  const refused = Array.from({ length: 20 }, (_, i) =>
    failing(() => savePeople(store, visit, late(i + 1))),
  )
  const before = { kind: 'refused', code: 'person-before', args: ['L-0'] }
  expect(refused).toContainEqual(before)
  expect(refused).toContain(null)
  expect(turns(store)).toMatchObject({ done: 1, stray: [] })
  expect(held(store)).toBe('holds')
})

test('a roster smaller than what is asked is asked whole', async () => {
  const store = await openedPhone(3)
  expect(turns(store)).toMatchObject({ reserve: 0, now: [{}, {}, {}] })
  for (let i = 0; i < 3; i++) ask(store, 0, 'completed')
  expect(held(store)).toBe('holds')
})

test('behind a door chance chooses whom to ask, once their number is saved', async () => {
  const store = await phoneIn(village)
  saveRoster(store, visit, { kind: 'doors', official: 20, note: '' })
  const doors = Array.from({ length: 18 }, (_, i) => `D${String(i + 1).padStart(3, '0')}`)
  savePeople(
    store,
    visit,
    doors.map((key) => ({ key, name: '', note: '' })),
  )
  tellCode(store, visit)
  await openByCode(store, unlocking())
  const door = turns(store).now[0]?.key ?? ''
  const contact = { visit, key: door, result: 'completed', note: '' }
  expect(failing(() => saveContact(store, contact))).toMatchObject({ code: 'door-unlisted' })
  const say = (key: string, number: number) =>
    failing(() => saveHousehold(store, { visit, door: key, people: number }))
  const problem = (code: string) => ({ kind: 'draw', problem: { code } })
  expect(say(door, 0)).toMatchObject(problem('household-people'))
  const drawn = turns(store).now.map(({ key }) => key)
  const other = doors.find((key) => !drawn.includes(key)) ?? ''
  expect(say(other, 3)).toMatchObject(problem('contact-order'))
  expect(say(door, 5)).toBeNull()
  expect(say(door, 4)).toMatchObject({ code: 'door-listed', args: [door, '5'] })
  const { household } = turns(store).now[0] ?? {}
  expect(household?.chosen).toBeGreaterThan(0)
  nameHousehold(store, household?.id ?? visit, '老大娘')
  saveContact(store, contact)
  expect(turns(store).over[0]?.household).toMatchObject({ people: 5, who: '老大娘' })
  expect(held(store)).toBe('holds')
})
