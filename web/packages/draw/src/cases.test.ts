import { readFileSync } from 'node:fs'

import { utf8 } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { canonical, parseJSON } from './json'
import { verify } from './verify'

const file = new URL('../../../../testdata/draw/cases.jsonl', import.meta.url)
const lines = readFileSync(file, 'utf8').trim().split('\n')

test('a certificate of every design and rule is verified', () => {
  expect(lines.length).toBeGreaterThan(30)
  for (const line of lines) {
    const tree = parseJSON(line)
    if (!(tree instanceof Map)) throw new Error('no case')
    const certificate = utf8(canonical(tree.get('certificate')))
    const frame = utf8(String(tree.get('frame')))
    expect(verify({ certificate, frame }).result).toBe('holds')
  }
})
