import { readFileSync } from 'node:fs'

import { fromHex, utf8 } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { sum, tag } from './bytes'
import { parseCertificate } from './certificate'
import { letters } from './letters'
import { problemOf } from './problem'
import { orderOf, parseRosterCode, readRoster, rosterCode, rosterFile, within } from './roster'
import { newSitesPlan, holdsSite, open, parseUnlock, seal, siteDraw, unlockCode } from './site'
import { parseSiteRecord, verifySite } from './siteVerify'

const folder = new URL('../../../../testdata/draw/village/', import.meta.url)
const read = (name: string): Uint8Array => readFileSync(new URL(name, folder))
const files = {
  record: read('record.json'),
  certificate: read('certificate.json'),
  roster: read('roster.csv'),
}
const record = parseSiteRecord(files.record)
const certificate = parseCertificate(files.certificate)
const key = siteDraw(record.plan_hash, record, certificate.throws, [])
const [code = '', sealed = ''] = new TextDecoder().decode(read('unlock.txt')).split('\n')

test('the village of the vectors is verified', () => {
  const { result, steps } = verifySite(files)
  expect(result).toBe('holds')
  expect(steps).toHaveLength(7)
  expect(steps.at(-1)?.notes).toEqual([{ code: 'note-asked', args: ['2', '4', '1'] }])
})

test('people are asked in the same order as in Go', () => {
  const order: unknown = JSON.parse(new TextDecoder().decode(read('order.json')))
  expect(orderOf(readRoster(files.roster), record.site, key)).toEqual(order)
})

test('the unlock code of the vectors opens the key', async () => {
  const unlock = parseUnlock(code)
  expect(unlockCode(unlock)).toBe(code)
  expect(await open('2026Q4', record.site, unlock, fromHex(sealed))).toBe(record.key)
  expect(await seal('2026Q4', record, unlock)).toEqual(fromHex(sealed))
  const others = [
    ['2026Q3', record.site],
    ['2026Q4', 'V02'],
  ] as const
  for (const [campaign, site] of others) {
    await expect(open(campaign, site, unlock, fromHex(sealed))).rejects.toThrow('unlock-other')
  }
})

test('a roster code is read as people say it, and given in its one form', () => {
  const whole = rosterCode(readRoster(files.roster), record.site)
  expect(parseRosterCode(whole)).toBe(whole)
  expect(parseRosterCode(` ${whole.toLowerCase().replaceAll('-', ' ')} `)).toBe(whole)
  expect(parseRosterCode('oilo abcd-7x9z')).toBe('0110-ABCD-7X9Z')
  for (const text of ['', '0110-ABCD-7X9', '0110-ABCD-7X9Z0', '0110-ABCD-7X9U', '0110_ABCD7X9Z']) {
    expect(() => parseRosterCode(text), text).toThrow('roster-code-form')
  }
})

test('unlock codes find slips', () => {
  const plain = code.replaceAll('-', '')
  const refused = (text: string) => {
    try {
      parseUnlock(text)
    } catch (error) {
      return problemOf(error).code
    }
    return undefined
  }
  const spaced = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o')
  expect(parseUnlock(spaced)).toEqual(parseUnlock(code))
  for (let i = 0; i < plain.length; i++) {
    for (const letter of letters.replace(plain.charAt(i), '')) {
      expect(refused(plain.slice(0, i) + letter + plain.slice(i + 1))).toBe('unlock-code')
    }
  }
})

test('a site proves that its key is in the plan', () => {
  const secrets = ['V00', 'V01', 'V02'].map((site, i) => ({ site, key: record.key, i }))
  const { plan, proofs } = newSitesPlan(secrets, 4, ['desk'])
  for (const [i, secret] of secrets.entries()) {
    const [own, other] = [proofs[i], proofs[(i + 1) % 3]]
    if (own === undefined || other === undefined) throw new Error('no proof')
    expect(holdsSite(own, secret, plan.root)).toBe(true)
    expect(holdsSite(other, secret, plan.root)).toBe(false)
  }
  expect(plan.n).toBe(3)
})

test('a roster is read as it is written', () => {
  const written = 'key,name,late\n1-1,張三,0\n1-2,"叫 ""阿四"" 的",1\n'
  expect(rosterFile(readRoster(utf8(written)))).toBe(written)
  expect(rosterFile(readRoster(utf8('key\n1-2\n1-1\n')))).toBe('key\n1-1\n1-2\n')
})

test('one behind a door is chosen as often as another', () => {
  const seen = [0, 0, 0, 0, 0]
  for (let n = 0; n < 2000; n++) {
    const chosen = within(record.site, `D${n}`, seen.length, sum(tag('test', 'door', '0')))
    seen[chosen - 1] = (seen[chosen - 1] ?? 0) + 1
  }
  for (const count of seen) expect(Math.abs(count - 400)).toBeLessThan(80)
})
