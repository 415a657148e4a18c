import { readFileSync } from 'node:fs'

import { utf8 } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { isHash } from './bytes'
import { canonical, parseJSON, type Value } from './json'
import { verifySite } from './siteVerify'
import type { Verification } from './steps'
import { verify } from './verify'

/** Attacks and what Go says of them, one to a line; draw/attack_vectors_test.go writes them. */
function casesOf(name: string): readonly Value[] {
  const file = new URL(`../../../../testdata/draw/${name}`, import.meta.url)
  return readFileSync(file, 'utf8').trim().split('\n').map(parseJSON)
}

function member(value: Value | undefined, key: string): Value | undefined {
  return value instanceof Map ? (value as ReadonlyMap<string, Value>).get(key) : undefined
}

function textOf(value: Value | undefined): string {
  if (typeof value !== 'string') throw new Error('no text')
  return value
}

function list(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : []
}

/** What a verification came to, in the form in which Go writes it. */
function wantSame({ result, steps }: Verification, attack: Value): void {
  const problem = steps.find((step) => step.problem !== undefined)?.problem
  expect(result).toBe(member(attack, 'result'))
  const want = member(attack, 'problem')
  expect(problem && canonical(problem)).toBe(want && canonical(want))
}

const [honest, ...attacks] = casesOf('attacks.jsonl')
const lines = textOf(member(honest, 'frame')).split('\n')

/** A document with a value at a path; none, and what is there goes. */
function changed(tree: Value, path: readonly Value[], value: Value | undefined): Value {
  const [step, ...rest] = path
  if (step === undefined) return value ?? ''
  if (typeof step === 'number') {
    return list(tree).map((one, i) => (i === step ? changed(one, rest, value) : one))
  }
  const object = new Map(tree as ReadonlyMap<string, Value>)
  const key = textOf(step)
  if (rest.length === 0 && value === undefined) object.delete(key)
  else object.set(key, changed(object.get(key) ?? '', rest, value))
  return object
}

/** The ceremonies that an attack leaves. */
function logOf(attack: Value): readonly string[] {
  return list(member(attack, 'log')).map((one) => {
    const from = list(member(honest, 'log'))[Number(member(one, 'of'))] ?? ''
    const changes = list(member(one, 'changes'))
    const after = changes.reduce<Value>((tree, change) => {
      return changed(tree, list(member(change, 'path')), member(change, 'value'))
    }, from)
    return canonical(after)
  })
}

function frameOf(attack: Value): string {
  const change = member(attack, 'frame')
  if (change === undefined) return lines.join('\n')
  const put = list(member(change, 'put')).map(textOf)
  return lines
    .toSpliced(Number(member(change, 'from')), Number(member(change, 'cut')), ...put)
    .join('\n')
}

const named = (attack: Value) => ({ attack, name: textOf(member(attack, 'name')) })

test('there are attacks', () => {
  expect(attacks.length).toBeGreaterThanOrEqual(37)
})

test.each(attacks.map(named))('nobody can roll again: $name', ({ attack }) => {
  const log = logOf(attack)
  const verification = verify({
    certificate: utf8(log[1] ?? ''),
    frame: utf8(frameOf(attack)),
    log: utf8(log.map((line) => `${line}\n`).join('')),
    known: list(member(attack, 'known')).map(textOf).filter(isHash),
  })
  wantSame(verification, attack)
  expect(verification.hash).toBe(member(attack, 'hash'))
})

test.each(casesOf('site-attacks.jsonl').map(named))('at a site: $name', ({ attack }) => {
  const file = (key: string) => utf8(canonical(member(attack, key)))
  const files = { record: file('record'), certificate: file('certificate') }
  wantSame(verifySite({ ...files, roster: utf8(textOf(member(attack, 'roster'))) }), attack)
})
