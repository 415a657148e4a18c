import { idBytes } from '@sansuiji/protocol'
import { expect, test } from 'vitest'

import { visit } from './queries'
import { arriveAtVisit, saveArrivalPlace } from './record'
import { enrolledStore, ids, someId } from './testing'

test('a ledger shows its steps, and who did what with which evidence, oldest first', async () => {
  const { database } = await enrolledStore()
  const entry = idBytes(someId(1))
  database.run(
    `INSERT INTO ledger_entry (id, problem_id, measure, state, reopened) VALUES (?, ?, '補臺賬', 'claimed', 1)`,
    entry,
    idBytes(ids.problem),
  )
  const step = `INSERT INTO ledger_step (id, ledger_entry_id, position, text, done_at, withdrawn_at)
    VALUES (?, ?, ?, ?, ?, ?)`
  database.run(step, idBytes(someId(2)), entry, 2, '逐戶核對', null, null)
  database.run(step, idBytes(someId(3)), entry, 1, '清理舊賬', 7_000, null)
  database.run(step, idBytes(someId(4)), entry, 3, '不做了', null, 8_000)
  const act = `INSERT INTO ledger_act (id, ledger_entry_id, kind, text, author, done_at)
    VALUES (?, ?, ?, ?, ?, ?)`
  database.run(act, idBytes(someId(5)), entry, 'claimed', '已補齊', '王五', 9_000)
  database.run(act, idBytes(someId(6)), entry, 'progress', null, '李四', 6_000)
  database.run(
    `INSERT INTO evidence (id, ledger_act_id, hash, size, media_type, name)
     VALUES (?, ?, x'00', 1, 'application/pdf', '臺賬.pdf')`,
    idBytes(someId(7)),
    idBytes(someId(5)),
  )
  const [problem] = visit(database, ids.visit)?.problemList ?? []
  expect(problem?.ledger).toMatchObject([
    {
      reopened: 1,
      steps: [
        { text: '清理舊賬', doneAt: 7_000 },
        { text: '逐戶核對', doneAt: null },
      ],
      acts: [
        { kind: 'progress', author: '李四', evidence: [] },
        { kind: 'claimed', author: '王五', evidence: [{ name: '臺賬.pdf' }] },
      ],
    },
  ])
})

test('the place of an arrival is kept beside it, and the first one stands', async () => {
  const store = await enrolledStore()
  arriveAtVisit(store, ids.visit)
  saveArrivalPlace(store, ids.visit, { latitudeE7: 300_000_000.4, longitudeE7: 5, accuracyM: 12.6 })
  const again = saveArrivalPlace(store, ids.visit, { latitudeE7: 1, longitudeE7: 2, accuracyM: 3 })
  expect(again.seq, 'nothing to send').toBeUndefined()
  expect(store.database.row('SELECT * FROM visit')).toMatchObject({
    arrived_latitude_e7: 300_000_000,
    arrived_longitude_e7: 5,
    arrived_accuracy_m: 13,
  })
})
