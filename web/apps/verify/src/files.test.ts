import { utf8 } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { groupsOf, hashesIn, roleOf } from './files'

test.each([
  ['certificate.json', '{\n "spec": "trs1",\n "plan": {}\n}', 'certificate'],
  ['download', '{"spec":"trs1","status":"done","plan":{}}', 'certificate'],
  ['log.jsonl', '{"spec":"trs1","plan":{}}\n', 'log'],
  ['log.txt', '{"spec":"trs1","plan":{}}\n{"spec":"trs1","plan":{}}\n', 'log'],
  ['frame.csv', 'id,stratum\nA,B\n', 'frame'],
  ['frame.csv', '\ufeffid,stratum\nA,B\n', 'frame'],
  ['frame.jsonl', '{"id":"A","stratum":"B"}\n', 'frame'],
  ['certificate.json', 'nothing of the kind', 'certificate'],
  ['frame.csv', '', 'frame'],
])('%s is told by what stands in it', (name, text, role) => {
  expect(roleOf({ name, bytes: utf8(text) })).toBe(role)
})

test('hashes are read as people write them down', () => {
  const hash = 'ab01'.repeat(16)
  const written = ` ${groupsOf(hash).join(' ').toUpperCase()}\n\n${hash}；${hash}`
  expect(hashesIn(written)).toEqual([hash, hash, hash])
})
