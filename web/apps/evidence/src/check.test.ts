/** The check in the browser against a file that headquarters packed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { beforeAll, describe, expect, it, test } from 'vitest'

import { join as joined } from '@sansuiji/protocol'

import { check, type Checked } from './check'
import type { Given } from './given'
import { dataOf, localSize } from './layout'
import { resultOf, unreadable, whereOf } from './report'
import { shareText, verdictOf } from './share'

const sample = readFileSync(join(import.meta.dirname, '../../../../testdata/evidence/sample.zip'))

const silent = () => Promise.resolve()

function checked(bytes: Uint8Array<ArrayBuffer>, known = ''): Promise<Checked> {
  return check({ kind: 'zip', name: 'a.zip', blob: new Blob([bytes]) }, known, silent)
}

function problems({ steps }: Checked): readonly string[] {
  return steps.flatMap(({ name, faults }) =>
    faults.map((fault) => `${name}: ${whereOf(fault).en}: ${fault.said.en}`),
  )
}

describe('a file as headquarters packed it', () => {
  let clean: Checked
  beforeAll(async () => {
    clean = await checked(Uint8Array.from(sample))
  })

  it('holds', () => {
    expect(problems(clean)).toEqual([])
    expect(clean.result).toBe('holds')
    expect(clean.steps.every(({ result, said }) => result === 'holds' && said.length > 0)).toBe(
      true,
    )
  })

  it('says what the check on the command line says', () => {
    const said = clean.steps.flatMap((step) => step.said.map(({ en }) => en)).join('\n')
    expect(said).toContain('19 are under signatures of 3 devices')
    expect(said).toContain('283 values stand word by word in the entries shown')
    expect(said).toContain('Position 1 of the history names this key')
    expect(said).toContain('drawn again from the beginning, with the same outcome')
  })

  it('says what its cells rest on as the check on the command line does', () => {
    const { word, said } = verdictOf(clean.result, clean.share)
    expect(word.en).toBe('Holds; some data rest on headquarters’ signature alone')
    expect(said[1]?.en).toMatch(
      /^Of \d+ cells with a value: \d+ are proved by signed entries of devices; \d+ are proved by/,
    )
    const days = ['2026-11-20', '2026-11-20'] as const
    const share = { device: 1204, office: 0, accepted: 0, import: 58_914, withheld: 0, unnamed: 0 }
    expect(verdictOf('holds', { ...share, days }).word.zh).toBe('成立，但大部分數據只憑總部簽名')
    expect(shareText({ ...share, days }).en).toBe(
      'Of 60,118 cells with a value: 1,204 are proved by signed entries of devices; 58,914 come from headquarters’ import (or other large entry) of 2026-11-20, which is here as a hash, and rest on headquarters’ signature only.',
    )
  })

  it('is held against the key that a person knows', async () => {
    const key = clean.manifest?.key ?? ''
    expect((await checked(Uint8Array.from(sample), key)).result).toBe('holds')
    expect((await checked(Uint8Array.from(sample), `${key}x`)).result).toBe('fails')
  })

  it('holds as a folder too', async () => {
    const files = new Map([...clean.blobs])
    const given: Given = { kind: 'folder', name: 'a', files }
    expect(problems(await check(given, '', silent))).toEqual([])
    files.delete('sources.json')
    expect((await check(given, '', silent)).result).toBe('fails')
  })
})

describe('a file of which one byte changed', () => {
  it('is refused, and the byte is named', async () => {
    let random = 1
    const next = (below: number) => (random = (random * 48_271) % 2_147_483_647) % below
    const places = Array.from({ length: 70 }, () => next(sample.length))
    for (let i = 0; i < 40; i++) places.push(i * 7, sample.length - 1 - i * 19)
    const clean = await checked(Uint8Array.from(sample))
    const begins = new Map<string, number>([['', 0]])
    for (const [path, at] of placesIn(clean)) begins.set(path, at)
    for (const at of places) {
      const bytes = Uint8Array.from(sample)
      bytes[at] = (bytes[at] ?? 0) ^ (1 + next(255))
      const { steps } = await checked(bytes)
      expect(resultOf(steps), `byte ${at}`).toBe('fails')
      const fault = steps.flatMap(({ faults }) => faults)[0]
      const begin = begins.get(fault?.member ?? '?') ?? NaN
      expect(begin + (fault?.offset ?? NaN), `byte ${at}`).toBe(at)
    }
  })

  it('is said to end where it was cut', async () => {
    const clean = Uint8Array.from(sample)
    const begins = new Map(placesIn(await checked(clean)))
    for (const size of [clean.length - 1, clean.length - 1500, clean.length * 0.75, 60_000]) {
      const { steps } = await checked(clean.slice(0, size))
      const faults = steps.flatMap(({ faults }) => faults)
      expect(faults.length).toBeGreaterThan(0)
      for (const { member, offset = NaN } of faults) {
        const begin = begins.get(member) ?? 0
        expect(begin + offset, `${member}, cut at ${size}`).toBe(Math.max(begin, Math.trunc(size)))
      }
    }
  })

  it('is refused when it is cut, or grew', async () => {
    const clean = Uint8Array.from(sample)
    for (const bytes of [
      clean.slice(0, -1),
      clean.slice(0, clean.length / 2),
      clean.slice(0, 100),
      new Uint8Array(),
      joined(Uint8Array.of(0), clean),
      joined(clean, Uint8Array.of(0)),
    ]) {
      expect((await checked(bytes)).result).toBe('fails')
    }
  })
})

test('a file that is no evidence is said to be none', async () => {
  const { manifest, steps } = await checked(new TextEncoder().encode('id,stratum\n'))
  expect(unreadable(manifest, steps)?.zh).toContain('不是證據包')
  const cut = await checked(Uint8Array.from(sample).slice(0, -1))
  expect(unreadable(cut.manifest, cut.steps)).toBeUndefined()
})

/** Where the bytes of members begin in the sample. */
function placesIn({ manifest }: Checked): readonly (readonly [string, number])[] {
  const text = sample.toString('latin1')
  const list: (readonly [string, number])[] = []
  let offset = 0
  for (const path of ['manifest.json', 'manifest.note']) {
    const size = sample.readUInt32LE(offset + 22)
    list.push([path, offset + localSize + path.length])
    offset += localSize + path.length + size
  }
  for (const { path, size } of manifest?.members ?? []) {
    const placed = { path, size, offset }
    expect(text.slice(offset, offset + 2)).toBe('PK')
    list.push([path, dataOf(placed)])
    offset = dataOf(placed) + size
  }
  return list
}
