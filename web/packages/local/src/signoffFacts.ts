/** What a visit has come to: for its representative to read, and what changed after that. */
import { idBytes, type Id } from '@sansuiji/protocol'

import { questions, type QuestionView } from './answer'
import type { Database } from './database'
import { visit } from './queries'
import { integer, maybeText, text } from './row'
import type { VisitView } from './views'

/** All that a summary says. It names nobody who was interviewed. */
export interface SignoffFacts {
  readonly visit: VisitView
  readonly questions: readonly QuestionView[]
  /** People who were interviewed, drawn or not. */
  readonly interviewed: number
}

/** Something recorded or taken back after a time. */
export interface Amendment {
  readonly table: 'verification' | 'finding' | 'answer'
  readonly kind: 'recorded' | 'withdrawn'
  readonly title: string
  readonly inspector: string | null
  /** Unix milliseconds, by the clock of the device that did it. */
  readonly at: number
}

/** The facts of a visit; null when the device does not hold it. */
export function signoffFacts(database: Database, visitId: Id): SignoffFacts | null {
  const held = visit(database, visitId)
  if (!held) return null
  const asked = questions(database, visitId)
  return { visit: held, questions: asked, interviewed: interviewed(database, visitId, held) }
}

const interviewCount = `
  SELECT COALESCE(SUM(drawn), 0) AS drawn, COALESCE(SUM(1 - drawn), 0) AS others
  FROM interview
  WHERE visit_id = ? AND consent <> 'refused' AND withdrawn_at IS NULL`

/** Who was drawn and asked has a contact, and an interview beside it where one was sealed. */
function interviewed(database: Database, visitId: Id, { people }: VisitView): number {
  const row = database.row(interviewCount, idBytes(visitId))
  if (!row) return people?.done ?? 0
  return Math.max(people?.done ?? 0, integer(row, 'drawn')) + integer(row, 'others')
}

const amendmentList = `
  SELECT 'verification' AS of, 'recorded' AS kind, f.verified_at AS at, i.name AS inspector,
    COALESCE(p.title, c.title, '') AS title
  FROM verification f LEFT JOIN problem p ON p.id = f.problem_id
    LEFT JOIN commitment c ON c.id = f.commitment_id
    LEFT JOIN inspector i ON i.id = f.inspector_id
  WHERE f.visit_id = ?1 AND f.verified_at > ?2
  UNION ALL
  SELECT 'verification', 'withdrawn', f.withdrawn_at, i.name, COALESCE(p.title, c.title, '')
  FROM verification f LEFT JOIN problem p ON p.id = f.problem_id
    LEFT JOIN commitment c ON c.id = f.commitment_id
    LEFT JOIN inspector i ON i.id = f.inspector_id
  WHERE f.visit_id = ?1 AND f.withdrawn_at > ?2
  UNION ALL
  SELECT 'finding', 'recorded', f.recorded_at, i.name, f.title
  FROM finding f LEFT JOIN inspector i ON i.id = f.inspector_id
  WHERE f.visit_id = ?1 AND f.recorded_at > ?2
  UNION ALL
  SELECT 'finding', 'withdrawn', f.withdrawn_at, i.name, f.title
  FROM finding f LEFT JOIN inspector i ON i.id = f.inspector_id
  WHERE f.visit_id = ?1 AND f.withdrawn_at > ?2
  UNION ALL
  SELECT 'answer', 'recorded', a.answered_at, i.name, COALESCE(q.text, '')
  FROM answer a LEFT JOIN question q ON q.id = a.question_id
    LEFT JOIN inspector i ON i.id = a.inspector_id
  WHERE a.visit_id = ?1 AND a.answered_at > ?2
  ORDER BY at, title`

/**
 * What was recorded or taken back in a visit after a time, oldest first. A finding that
 * was worded anew has no time of its own: the summary of now, beside the one that was
 * read, shows it.
 */
export function amendments(
  database: Database,
  visitId: Id,
  afterMillis: number,
): readonly Amendment[] {
  return database.rows(amendmentList, idBytes(visitId), afterMillis).map((row) => ({
    table: text(row, 'of') as Amendment['table'],
    kind: text(row, 'kind') as Amendment['kind'],
    title: text(row, 'title'),
    inspector: maybeText(row, 'inspector'),
    at: integer(row, 'at'),
  }))
}
