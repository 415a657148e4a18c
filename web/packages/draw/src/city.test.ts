import { readFileSync } from 'node:fs'

import { utf8 } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { isHash } from './bytes'
import { certificateHash, headOf, parseCertificate } from './certificate'
import { canonical } from './json'
import { verify, type Files } from './verify'

const folder = new URL('../../../../testdata/draw/city/', import.meta.url)
const read = (name: string): Uint8Array => readFileSync(new URL(name, folder))
const known = new TextDecoder().decode(read('known.txt')).trim().split(/\s+/).filter(isHash)

const files: Files = {
  certificate: read('certificate.json'),
  frame: read('frame.csv'),
  log: read('log.jsonl'),
  known,
}

function codesOf({ steps }: ReturnType<typeof verify>): readonly string[] {
  return steps.flatMap(({ problem, notes }) => [
    ...(problem === undefined ? [] : [problem.code]),
    ...notes.map(({ code }) => code),
  ])
}

test('the city of the vectors is verified', () => {
  const verification = verify(files)
  expect(verification.result).toBe('holds')
  expect(verification.steps.map(({ result }) => result)).toEqual(Array(9).fill('holds'))
  expect(codesOf(verification)).toEqual([
    ...['note-replaced', 'note-void-drawn', 'note-log-other', 'note-log-end'],
  ])
  expect(known).toContain(verification.hash)
})

test('the city was published by the hashes that it has here', () => {
  const certificate = parseCertificate(files.certificate)
  expect([certificate.plan_hash, certificateHash(certificate), headOf(certificate)]).toEqual(known)
  const written = parseCertificate(utf8(canonical(certificate)))
  expect(written).toEqual(certificate)
})

test('what no published hash binds is said', () => {
  const [plan, certificate, head] = known
  if (plan === undefined || certificate === undefined || head === undefined) throw new Error('none')
  const cut = utf8(canonical({ ...parseCertificate(files.certificate), amendments: [] }))
  const ofKnown = ['note-unpublished', 'note-head', 'note-plan-only']
  const noted = (more: Partial<Files>) =>
    codesOf(verify({ ...files, ...more })).filter((code) => ofKnown.includes(code))
  expect(noted({ known: [] })).toEqual(['note-unpublished'])
  expect(noted({ known: [plan] })).toEqual(['note-head'])
  expect(noted({ known: [plan, head] })).toEqual([])
  expect(noted({ known: [plan], certificate: cut })).toEqual(['note-plan-only'])
  expect(noted({ known: [certificate], certificate: cut })).toEqual([])
})

test('nothing is said of the log after a fault', () => {
  const [first = ''] = new TextDecoder().decode(files.log).split('\n')
  const frame = utf8('id,stratum\nA1,S1\n')
  const { steps, result } = verify({ certificate: utf8(first), frame })
  expect(result).toBe('fails')
  expect(steps.at(-1)).toEqual({ name: 'verify-log', result: 'unknown', notes: [] })
})

test('without the log of earlier ceremonies nothing is decided', () => {
  expect(verify({ ...files, log: undefined, known: [] }).result).toBe('unknown')
})

test('who knows the hash of another ceremony is told so', () => {
  const other = '0'.repeat(64)
  if (!isHash(other)) throw new Error('not a hash')
  const verification = verify({ ...files, known: [other] })
  expect(verification.result).toBe('fails')
  expect(codesOf(verification)).toContain('known-other')
})

test('a log that lacks a ceremony is found out', () => {
  const lines = new TextDecoder().decode(files.log).split('\n')
  const verification = verify({ ...files, log: utf8(lines.slice(1).join('\n')) })
  expect(verification.result).toBe('fails')
  expect(codesOf(verification)).toContain('log-gap')
})

test('a certificate of a later norm cannot be decided', () => {
  const text = new TextDecoder().decode(files.certificate)
  const later = utf8(text.replace('"spec": "trs1"', '"spec": "trs2"'))
  const verification = verify({ ...files, certificate: later })
  expect(verification.result).toBe('unknown')
  expect(codesOf(verification)).toEqual(['spec-unknown'])
})
