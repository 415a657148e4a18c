/** A visit's note has a line for what has no column, such as an arrival far from the unit. */
import { idBytes, type Id } from '@sansuiji/protocol'

import { capture, type Saved, type Store } from './capture'
import { MissingError } from './record'
import { clean } from './write'

/** Adds a line below what the note says. */
export function appendVisitNote(store: Store, visit: Id, line: string): Saved<Id> {
  const words = clean(line)
  if (words === '') throw new MissingError('body')
  return capture(store, ({ database }) => {
    database.run(
      `UPDATE visit SET note = CASE WHEN note IS NULL OR note = '' THEN ?1
         ELSE note || char(10) || ?1 END
       WHERE id = ?2`,
      words,
      idBytes(visit),
    )
    return visit
  })
}
