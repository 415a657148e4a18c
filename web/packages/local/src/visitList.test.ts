import { idBytes } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { visit } from './queries'
import { enrolledStore, ids, someId } from './testing'
import { visits } from './visitList'

test('a visit counts the findings that stand, and those of them that came back', async () => {
  const { database } = await enrolledStore()
  const insert = `INSERT INTO finding (id, visit_id, title, review_state, withdrawn_at)
    VALUES (?, ?, '賬目未公示', ?, ?)`
  const found = [
    ['pending', null],
    ['accepted', null],
    ['returned', null],
    ['pending', 5],
    ['returned', 6],
  ] as const
  found.forEach(([state, withdrawn], i) => {
    database.run(insert, idBytes(someId(i + 1)), idBytes(ids.visit), state, withdrawn)
  })
  // Another visit's are not among them.
  database.run(insert, idBytes(someId(9)), idBytes(someId(20)), 'returned', null)
  expect(visits(database)).toMatchObject([{ id: ids.visit, findings: 3, returned: 1 }])
  expect(visit(database, ids.visit)).toMatchObject({ findings: 3, returned: 1 })
})
