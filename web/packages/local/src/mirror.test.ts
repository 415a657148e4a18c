import { idBytes } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { failureOf } from './failure'
import { mirrors, mirrorText, parseMirror, saveMirror } from './mirror'
import { countEntries, entriesIn } from './outbox'
import { savePeople } from './roster'
import { ids, someId } from './testing'
import { tellCode } from './unlock'
import { makeVillage, phoneIn } from './village.testing'

const village = await makeVillage(4)

async function twoPhones() {
  const [a, b] = [await phoneIn(village), await phoneIn(village, 1)]
  const member = 'INSERT INTO team_member (id, team_id, inspector_id) VALUES (?, ?, ?)'
  b.database.run(member, idBytes(someId(20)), idBytes(ids.team), idBytes(ids.inspector))
  return { a, b }
}

test('one phone keeps the head of another, once, as it was read', async () => {
  const { a, b } = await twoPhones()
  expect(parseMirror(mirrorText(a.database, ids.visit))).toMatchObject({ q: 0, n: 0, s: 'V02' })
  savePeople(a, ids.visit, [{ key: '1-1', name: '甲', note: '' }])
  tellCode(a, ids.visit)
  const text = mirrorText(a.database, ids.visit)
  expect(text).not.toContain('\n')
  saveMirror(b, ` ${text}\n`)
  saveMirror(b, text)
  expect(countEntries(b.database).waiting).toBe(1)
  const { q, k, h } = parseMirror(text)
  const row = b.database.row('SELECT * FROM mirror')
  expect(row).toMatchObject({ text, seq: q, code: k, site: 'V02', contacts: 0 })
  const [, head] = entriesIn(a.database, ['waiting'], 9)
  expect([q, row?.['head']]).toEqual([2, head?.hash])
  expect(h).toHaveLength(64)
  expect(mirrors(b.database)).toMatchObject([{ device: ids.device, seq: 2, owner: null }])
})

test('what is no head of another phone of this campaign is refused', async () => {
  const { a, b } = await twoPhones()
  const text = mirrorText(a.database, ids.visit)
  const say = (store: typeof a, words: string) => {
    try {
      saveMirror(store, words)
    } catch (error) {
      return failureOf(error)
    }
    return null
  }
  const foreign = [
    '',
    'https://example.org',
    '[]',
    text.replace('ssj-mirror-1', 'ssj-mirror-2'),
    text.replace('"n":0', '"n":-1'),
    text.replace('"c":', '"c": '),
    text.replace(/"h":"../, '"h":"zz'),
    text.replace('{', '{"a":1,'),
  ]
  for (const words of foreign) expect(say(b, words)).toMatchObject({ code: 'mirror-unread' })
  const other = text.replace('2026Q4', '2026Q3')
  expect(say(b, other)).toMatchObject({ code: 'mirror-campaign' })
  expect(say(a, text)).toMatchObject({ code: 'mirror-own' })
  const outside = await phoneIn(village, 2)
  expect(say(outside, text)).toMatchObject({ code: 'no-team' })
})
