import { utf8 } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { groupsOf, hashesIn, roleOf, withFile, type Kept } from './files'

test.each([
  ['certificate.json', '{\n "spec": "trs1",\n "plan": {}\n}', 'certificate'],
  ['download', '{"spec":"trs1","status":"done","plan":{}}', 'certificate'],
  ['log.jsonl', '{"spec":"trs1","plan":{}}\n', 'log'],
  ['log.txt', '{"spec":"trs1","plan":{}}\n{"spec":"trs1","plan":{}}\n', 'log'],
  ['frame.csv', 'id,stratum\nA,B\n', 'frame'],
  ['frame.csv', '\ufeffid,stratum\nA,B\n', 'frame'],
  ['frame.jsonl', '{"id":"A","stratum":"B"}\n', 'frame'],
  ['V01 (2).json', '{\n "spec": "trs1",\n "site": "V01",\n "mode": "desk"\n}', 'record'],
  ['download', '{"contacts":[],"mode":"desk","plan_hash":"","site":"V01"}', 'record'],
  ['names.csv', '\ufeffkey,name,late\n1-1,張三,0\n', 'roster'],
  ['names', 'name,"key"\r\n張三,1-1\r\n', 'roster'],
  ['frame.csv', '', 'frame'],
  ['certificate.json', 'nothing of the kind', undefined],
  ['order.json', '[{"key":"1-1"}]', undefined],
  ['plan.json', '{\n "spec": "trs1"\n}', undefined],
])('%s is told by what stands in it', (name, text, role) => {
  expect(roleOf({ name, bytes: utf8(text) })).toBe(role)
})

test('a file that says nothing of itself is what it was chosen for', () => {
  expect(roleOf({ name: 'a.txt', bytes: utf8('?') }, 'roster')).toBe('roster')
  expect(roleOf({ name: 'a.txt', bytes: utf8('key\n1-1\n') }, 'frame')).toBe('roster')
  expect(roleOf({ name: 'a', bytes: utf8('{"plan":{}}\n') }, 'log')).toBe('log')
})

test('of a draw there is one file of each, of sites many, none of them twice', () => {
  const file = (text: string) => ({ name: text, bytes: utf8(text) })
  const certificates = ['a', 'b'].map(file)
  const records = ['a', 'b', 'a'].map(file)
  let kept = certificates.reduce<Kept>((all, one) => withFile(all, 'certificate', one), new Map())
  kept = records.reduce((all, one) => withFile(all, 'record', one), kept)
  expect(kept.get('certificate')?.map(({ name }) => name)).toEqual(['b'])
  expect(kept.get('record')?.map(({ name }) => name)).toEqual(['b', 'a'])
})

test('hashes are read as people write them down', () => {
  const hash = 'ab01'.repeat(16)
  const written = ` ${groupsOf(hash).join(' ').toUpperCase()}\n\n${hash}；${hash}`
  expect(hashesIn(written)).toEqual([hash, hash, hash])
})
