/** Answers to what is asked at a unit: one row for a question in a visit, whoever answers. */
import { idBytes, naturalId, type Id } from '@sansuiji/protocol'

import { fitting, type QuestionKind } from './answerFit'
import { capture, type Saved, type Saving, type Store } from './capture'
import type { Database, Row } from './database'
import { unsentRows } from './described'
import { dropForm, formOf } from './form'
import { RefusedError } from './refused'
import { id, integer, maybeId, maybeInteger, maybeText, text } from './row'
import { clean, isSame, put, textOrNull, type Cells } from './write'

/** What is saved of an answer; what is left out stays as it is. */
export interface AnswerInput {
  readonly visit: Id
  readonly question: Id
  /** As text: yes, no, an option, a mark, a number, words. Empty takes the answer back. */
  readonly value?: string
  readonly note?: string
}

/** A question asked at a unit, with its answer. */
export interface QuestionView {
  readonly id: Id
  readonly code: string
  /** Null for those asked everywhere. */
  readonly category: string | null
  readonly text: string
  readonly hint: string | null
  readonly kind: QuestionKind
  /** Of one of several. */
  readonly options: readonly string[]
  /** The highest mark of a scale that begins at 1. */
  readonly scaleMax: number
  readonly required: boolean
  readonly answer: AnswerView | null
}

/** What was answered. */
export interface AnswerView {
  readonly id: Id
  readonly value: string | null
  readonly note: string
  readonly inspector: string | null
  /** Unix milliseconds. */
  readonly answeredAt: number | null
  /** Changed here and not yet acknowledged by headquarters. */
  readonly unsent: boolean
}

/** The highest mark where a question names none, and the most there is room for. */
const scaleDefault = 5
const scaleLimit = 10

/** The row of an answer, the same for everybody who answers this in this visit. */
export function answerId(visit: Id, question: Id): Id {
  return naturalId('answer', visit, question)
}

/** What was answered. Whoever answers again changes the same row. */
export function saveAnswer(store: Store, input: AnswerInput): Saved<Id> {
  return capture(store, (saving) => {
    const { visit, question, value, note } = input
    const answer = answerId(visit, question)
    if (value !== undefined) dropForm(saving.database, formOf.answer(visit, question))
    if (note !== undefined) dropForm(saving.database, formOf.answerNote(visit, question))
    const said: Cells = {
      ...(value === undefined ? {} : { value: valueFor(saving, question, value) }),
      ...(note === undefined ? {} : { note: textOrNull(note) }),
    }
    if (saysNothing(saving, answer, said)) return answer
    put(saving, 'answer', answer, {
      visit_id: idBytes(visit),
      question_id: idBytes(question),
      ...said,
      inspector_id: idBytes(saving.identity.inspector),
      answered_at: saving.at,
    })
    return answer
  })
}

/** It is there already, or nothing is there and nothing is said. */
function saysNothing(saving: Saving, answer: Id, said: Cells): boolean {
  if (isSame(saving, 'answer', answer, said)) return true
  const there = saving.database.row('SELECT 1 FROM answer WHERE id = ?', idBytes(answer))
  return there === undefined && Object.values(said).every((cell) => cell === null)
}

function valueFor({ database }: Saving, question: Id, value: string): string | null {
  if (clean(value) === '') return null
  const row = database.row('SELECT * FROM question WHERE id = ?', idBytes(question))
  const fit = row && fitting(questionOf(row), value)
  if (fit === undefined) throw new RefusedError('answer-unfit')
  return fit
}

// Asked everywhere first, then what the unit's category adds.
const questionList = `
  SELECT q.*, a.id AS answer_id, a.value, a.note, a.answered_at, i.name AS inspector
  FROM visit v JOIN unit u ON u.id = v.unit_id
    JOIN question q ON q.category IS NULL OR q.category = u.category
    LEFT JOIN answer a ON a.question_id = q.id AND a.visit_id = v.id
    LEFT JOIN inspector i ON i.id = a.inspector_id
  WHERE v.id = ? AND q.usage = 'check' AND q.withdrawn_at IS NULL
  ORDER BY q.category IS NOT NULL, q.position IS NULL, q.position, q.code, q.id`

/** What is asked at a visit's unit, in order, with what was answered. */
export function questions(database: Database, visit: Id): readonly QuestionView[] {
  const unsent = unsentRows(database)
  return database.rows(questionList, idBytes(visit)).map((row) => ({
    ...questionOf(row),
    answer: answerOf(row, unsent),
  }))
}

function questionOf(row: Row): Omit<QuestionView, 'answer'> {
  return {
    id: id(row, 'id'),
    code: text(row, 'code'),
    category: maybeText(row, 'category'),
    text: text(row, 'text'),
    hint: maybeText(row, 'hint'),
    kind: kindOf(text(row, 'kind')),
    options: (maybeText(row, 'options') ?? '').split('\n').map(clean).filter(Boolean),
    scaleMax: Math.min(maybeInteger(row, 'scale_max') ?? scaleDefault, scaleLimit),
    required: integer(row, 'required') === 1,
  }
}

function answerOf(row: Row, unsent: ReadonlySet<Id>): AnswerView | null {
  const answer = maybeId(row, 'answer_id')
  if (answer === null) return null
  return {
    id: answer,
    value: maybeText(row, 'value'),
    note: maybeText(row, 'note') ?? '',
    inspector: maybeText(row, 'inspector'),
    answeredAt: maybeInteger(row, 'answered_at'),
    unsent: unsent.has(answer),
  }
}

/** A kind that a newer headquarters brought is answered in words. */
function kindOf(name: string): QuestionKind {
  switch (name) {
    case 'yesno':
    case 'choice':
    case 'scale':
    case 'number':
      return name
    default:
      return 'text'
  }
}
