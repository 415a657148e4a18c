import { readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { fromBase64 } from './bytes'
import { openCheckpoint, parseCheckpoint } from './checkpoint'
import { parseId } from './id'
import { judge, keep, type Verdict } from './judge'

function read(name: string): unknown {
  const file = new URL(`../../../../testdata/translog/${name}`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8'))
}

const vector = read('checkpoint.json') as {
  readonly key: string
  readonly signed: string
  readonly text: string
  readonly bad: readonly string[]
}

const campaign = parseId('01020304-0506-0708-090a-0b0c0d0e0f10')
const key = fromBase64(vector.key)

describe('the checkpoint that Go signed', () => {
  test('opens with its key', () => {
    const checkpoint = openCheckpoint(vector.signed, campaign, key)
    expect(checkpoint).toMatchObject({ campaign, size: 7, began: 0, revision: 21 })
    expect(checkpoint.text).toBe(vector.text)
  })

  test('opens with a countersignature', () => {
    expect(openCheckpoint(`${vector.signed}— hub.example AAAAAAAA\n`, campaign, key).size).toBe(7)
  })

  test('does not open with another key or name, or changed', () => {
    const signed = vector.signed
    const line = signed.slice(signed.lastIndexOf('—'))
    expect(() =>
      openCheckpoint(
        signed,
        campaign,
        key.map((b) => b ^ 1),
      ),
    ).toThrow()
    expect(() => openCheckpoint(signed, parseId(campaign.replace('01', '02')), key)).toThrow()
    for (const bad of [
      signed.replace('\n7\n', '\n8\n'),
      signed.replace('revision 21', 'revision 22'),
      signed + line,
      signed.slice(0, -1),
      signed.replace(/.=\n$/, 'B=\n'),
      vector.text,
      '',
    ]) {
      expect(() => openCheckpoint(bad, campaign, key), bad).toThrow()
    }
  })

  test.each(vector.bad)('is refused in another form: %j', (signed) => {
    expect(() => openCheckpoint(signed, campaign, key)).toThrow(/^read /)
  })
})

interface Case {
  readonly name: string
  readonly kept: readonly string[]
  readonly signed: string
  readonly from: number
  readonly proof: readonly string[]
  readonly want: Verdict
  readonly kept_after?: readonly string[]
}

const judgements = read('judge.json') as {
  readonly campaign: string
  readonly key: string
  readonly cases: readonly Case[]
}

describe('what a checkpoint means to a device', () => {
  const log = { campaign: parseId(judgements.campaign), key: fromBase64(judgements.key) }

  test.each(judgements.cases)('$name: $want', (c) => {
    const kept = c.kept.map(parseCheckpoint)
    const { verdict, checkpoint } = judge(log, kept, { ...c, proof: c.proof.map(fromBase64) })
    expect(verdict).toBe(c.want)
    if (c.kept_after === undefined || checkpoint === null) return
    expect(keep(kept, checkpoint).map((k) => k.text)).toEqual(c.kept_after)
  })

  test('all verdicts are in the table', () => {
    expect(new Set(judgements.cases.map((c) => c.want)).size).toBe(6)
  })
})
