import { toHex, utf8 } from '@sansuiji/protocol'
import { describe, expect, test } from 'vitest'

import { amend } from './amend'
import { sum, tag } from './bytes'
import { certificateHash, type Certificate } from './certificate'
import { draw, reveal } from './ceremony'
import { certified, firstPlan, madeCity } from './city.testing'
import { holds, prove, rootOf } from './frame'
import { frameFile } from './frameRead'
import { canonical, parseJSON, treeOf } from './json'
import { parsePlan } from './plan'
import { problemOf } from './problem'
import { randomCase, randomCertificate } from './random.testing'
import { Stream } from './stream'
import { verify } from './verify'
import { tryPlan } from './fits'

const bytesOf = (certificate: Certificate): Uint8Array => utf8(canonical(certificate))

test('a ceremony of a whole city is verified', () => {
  const frame = madeCity(11, 200)
  const certificate = certified(firstPlan(frame), frame, 1)
  const verification = verify({ certificate: bytesOf(certificate), frame: frameFile(frame) })
  expect(verification.result).toBe('holds')
  expect(verification.hash).toBe(certificateHash(certificate))
  expect(certificate.drawn.filter(({ reserve }) => reserve === 0)).toHaveLength(40)
  expect(certificate.routes.flatMap(({ tour }) => tour)).toHaveLength(40)
})

test('a drawn unit checks itself without the others', () => {
  const frame = madeCity(3, 33)
  const root = rootOf(frame)
  for (const [at, unit] of frame.units.entries()) {
    const proof = prove(frame, at)
    expect(proof.path.length).toBeLessThanOrEqual(7)
    expect(holds(proof, unit, root)).toBe(true)
    expect(holds(proof, { ...unit, size: unit.size + 1 }, root)).toBe(false)
    expect(holds({ ...proof, at: at + 1 }, unit, root)).toBe(false)
  }
})

test('random certificates hold, read from their canonical bytes', () => {
  let drawn = 0
  for (let n = 0; n < 400; n++) {
    const made = randomCase(n)
    let certificate: Certificate
    try {
      certificate = randomCertificate(made)
    } catch (error) {
      expect(problemOf(error).code).not.toBe('json-form')
      continue
    }
    drawn++
    const text = bytesOf(certificate)
    expect(verify({ certificate: text, frame: made.file }).result).toBe('holds')
    expect(canonical(treeOf(certificate))).toBe(canonical(certificate))
    expect(canonical(parsePlan(utf8(canonical(made.plan))))).toBe(canonical(made.plan))
  }
  expect(drawn).toBeGreaterThan(100)
})

/** Changes, removes or doubles a byte, or swaps two. */
function mutated(r: Stream, bytes: Uint8Array): Uint8Array {
  const [i, k] = [r.below(bytes.length), r.below(bytes.length)]
  const list = Array.from(bytes)
  const one = list[i] ?? 0
  const kind = r.below(4)
  if (kind === 0) list[i] = one ^ (1 << r.below(8))
  else if (kind === 1) list.splice(i, 1)
  else if (kind === 2) list.splice(i, 0, one)
  else [list[i], list[k]] = [list[k] ?? 0, one]
  return Uint8Array.from(list)
}

test('every mutation of a certificate or a frame is rejected', { timeout: 30_000 }, () => {
  const frame = madeCity(4, 10)
  const whole = firstPlan(frame)
  const sample = whole.sample && { ...whole.sample, n: 8, floor: 1 }
  const teams = whole.teams && {
    ...whole.teams,
    members: [],
    barred: whole.teams.barred.slice(0, 1),
  }
  const certificate = certified({ ...whole, sample, teams, routes: undefined }, frame, 5)
  const [text, file, known] = [
    bytesOf(certificate),
    frameFile(frame),
    [certificateHash(certificate)],
  ]
  expect(verify({ certificate: text, frame: file, known }).result).toBe('holds')
  const r = new Stream(sum(tag('test', 'mutation')))
  for (let n = 0; n < 600; n++) {
    const ofFrame = r.below(3) === 0
    const before = ofFrame ? file : text
    const after = mutated(r, before)
    if (toHex(after) === toHex(before)) continue
    const files = ofFrame
      ? { certificate: text, frame: after }
      : { certificate: after, frame: file }
    expect(verify({ ...files, known }).result, new TextDecoder().decode(after)).not.toBe('holds')
  }
})

describe('a ceremony is played', () => {
  const frame = madeCity(11, 60)
  const played = certified(firstPlan(frame), frame, 1)

  test('its secrets are opened in any order, and then it is drawn', () => {
    tryPlan(played.plan, frame)
    const open = { ...played, reveals: [], allocation: [], drawn: [], teams: undefined, routes: [] }
    const opened = played.reveals.toReversed().reduce<Certificate>(reveal, open)
    expect(canonical(draw(opened, frame))).toBe(canonical(played))
    const [first] = played.reveals
    if (first === undefined) throw new Error('nobody opened')
    const code = (act: () => unknown) => {
      try {
        act()
      } catch (error) {
        return problemOf(error).code
      }
      return 'done'
    }
    expect(code(() => reveal(opened, first))).toBe('reveals-twice')
    expect(code(() => reveal(open, { ...first, role: 'nobody' }))).toBe('reveals-nobody')
    expect(code(() => reveal(open, { ...first, role: 'observer' }))).toBe('reveals-other')
    expect(code(() => draw(open, frame))).toBe('reveals-number')
  })

  test('the next in reserve replaces, one after the other', () => {
    const main = played.drawn.filter(({ stratum, reserve }) => stratum === 'C04' && reserve === 0)
    const replaced = main.slice(0, 2).reduce<Certificate>(
      (certificate, { id }, i) =>
        amend(certificate, {
          ...{ stratum: 'C04', out: id, reason: 'disaster', evidence: 'sha256:photo' },
          ...{ approver: 'D01', at: `2026-11-2${i + 1}T01:00:00Z` },
        }),
      played,
    )
    const reserve = played.drawn.filter(
      ({ stratum, reserve: place }) => stratum === 'C04' && place > 0,
    )
    expect(replaced.amendments.map((a) => a.in)).toEqual(reserve.slice(0, 2).map(({ id }) => id))
    const verification = verify({ certificate: bytesOf(replaced), frame: frameFile(frame) })
    expect(verification.result).toBe('holds')
    expect(verification.hash).toBe(certificateHash(played))
    const forged = { ...replaced, amendments: replaced.amendments.slice(1) }
    expect(verify({ certificate: bytesOf(forged), frame: frameFile(frame) }).result).toBe('fails')
  })
})

test('what stands in a document keeps its order and its letters', () => {
  const text = '{"b":["\\u00e9\\n",-5],"a":{}}'
  expect(canonical(parseJSON(text))).toBe('{"a":{},"b":["é\\n",-5]}')
})
