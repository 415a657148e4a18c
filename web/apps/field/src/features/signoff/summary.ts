/** The text that a unit's representative reads: what was found, and nobody's name who was asked. */
import type { QuestionView, SignoffFacts, VerificationView } from '@sansuiji/local'
import { choiceLabel, choicesOf, type Language } from '@sansuiji/protocol'
import { formatMoment } from '@sansuiji/ui'

/** A part of the text. */
export interface Section {
  readonly title: string
  readonly lines: readonly string[]
  /** Of a long part, what is read at once; the others are folded. */
  readonly shown?: readonly string[]
  readonly folded?: readonly Folded[]
}

/** Lines under one line that says what they are. */
export interface Folded {
  readonly title: string
  readonly lines: readonly string[]
}

/** A part of more lines is folded. */
const wholeMax = 12

/** What putting it into words needs. */
export interface Words {
  readonly language: Language
  /** The words under a key of `signoff.summary`. */
  readonly t: (key: string, values?: Record<string, unknown>) => string
  /** Unix milliseconds; it decides whether dates have a year. */
  readonly nowMillis: number
}

interface Checked {
  readonly number: number | null
  readonly title: string
  readonly verification: VerificationView | null
  /** Who had pointed out a problem. */
  readonly source?: string | null
}

/** The text in its parts. The first names the unit. */
export function summaryOf(facts: SignoffFacts, words: Words): readonly Section[] {
  const { visit, interviewed } = facts
  return [
    head(facts, words),
    checked('problems', visit.problemList, words),
    checked('commitments', visit.commitmentList, words),
    findings(facts, words),
    answers(facts.questions, words),
    { title: words.t('people', { n: interviewed }), lines: [] },
  ].filter(({ title }) => title !== '')
}

/** The parts as the one text that is saved. */
export function textOf(sections: readonly Section[]): string {
  return sections.map(({ title, lines }) => [title, ...lines].join('\n')).join('\n\n')
}

/** Lines that only one of two texts has. */
export function differences(
  read: string,
  now: string,
): { readonly gone: readonly string[]; readonly added: readonly string[] } {
  const [before, after] = [linesOf(read), linesOf(now)]
  return {
    gone: before.filter((line) => !after.includes(line)),
    added: after.filter((line) => !before.includes(line)),
  }
}

function linesOf(words: string): readonly string[] {
  return words.split('\n').filter(Boolean)
}

function head({ visit }: SignoffFacts, { t, language, nowMillis }: Words): Section {
  const lines = [t('unit', { name: visit.name, code: visit.code })]
  if (visit.team) lines.push(t('team', { team: visit.team }))
  if (visit.arrivedAt !== null) {
    lines.push(t('arrived', { when: formatMoment(visit.arrivedAt, language, nowMillis) }))
  }
  return { title: t('title'), lines }
}

/** What is not on the unit's list has no part. */
function checked(key: string, list: readonly Checked[], words: Words): Section {
  const { t } = words
  if (list.length === 0) return { title: '', lines: [] }
  const line = ({ number, title, verification }: Checked) =>
    t('line', { title: numbered(number, title), what: outcome(verification, words) })
  const title = t(key, { n: list.length })
  const lines = [counts(list, words), ...list.map(line)]
  if (list.length <= wholeMax) return { title, lines }
  const rest = list.filter((one) => !differs(one))
  const folded = [...new Set(rest.map(sourceOf))].map((source) => {
    const some = rest.filter((one) => sourceOf(one) === source)
    const of = source === '' ? t('rest') : labelOf('problem', 'source', source, words.language)
    const title = t('folded', { of, n: some.length, counts: counts(some, words) })
    return { title, lines: some.map(line) }
  })
  return { title, lines, shown: [counts(list, words), ...list.filter(differs).map(line)], folded }
}

function sourceOf({ source }: Checked): string {
  return source ?? ''
}

/** Whether a team saw something else than what the unit is expected to say. */
function differs({ verification }: Checked): boolean {
  const code = outcomeOf(verification)
  return code !== null && code !== 'rectified'
}

function counts(list: readonly Checked[], words: Words): string {
  const { t, language } = words
  const codes = [...choicesOf('verification', 'outcome').map(({ code }) => code), null]
  return codes
    .map((code) => ({ code, n: list.filter((one) => outcomeOf(one.verification) === code).length }))
    .filter(({ n }) => n > 0)
    .map(({ code, n }) => {
      const label = code === null ? t('open') : labelOf('verification', 'outcome', code, language)
      return t('count', { outcome: label, n })
    })
    .join(t('join'))
}

function outcomeOf(verification: VerificationView | null): string | null {
  return verification?.outcome ?? null
}

function outcome(verification: VerificationView | null, { t, language }: Words): string {
  const code = outcomeOf(verification)
  return code === null ? t('open') : labelOf('verification', 'outcome', code, language)
}

function findings({ visit }: SignoffFacts, { t, language }: Words): Section {
  const held = visit.findingList.filter(({ withdrawnAt }) => withdrawnAt === null)
  // In the order in which they were recorded; the screen has the newest first.
  const lines = held.toReversed().map(({ kind, severity, title }, i) => {
    const what = [
      labelOf('finding', 'kind', kind, language),
      severity && labelOf('finding', 'severity', severity, language),
    ]
    return t('line', { title: numbered(i + 1, title), what: what.filter(Boolean).join(' · ') })
  })
  return { title: t('findings', { n: held.length }), lines }
}

function answers(questions: readonly QuestionView[], words: Words): Section {
  const { t } = words
  if (questions.length === 0) return { title: '', lines: [] }
  const lines = questions.map((question) => {
    const { code, text } = question
    return t('line', { title: `${code} ${text}`, what: answerWords(question, words) })
  })
  const done = questions.filter(({ answer }) => (answer?.value ?? null) !== null).length
  const title = t('answers', { n: questions.length, done })
  if (lines.length <= wholeMax) return { title, lines }
  return { title, lines, shown: [], folded: [{ title: t('allAnswers', { n: done }), lines }] }
}

function answerWords({ kind, answer, scaleMax }: QuestionView, { t }: Words): string {
  const value = answer?.value ?? null
  if (value === null) return t('unanswered')
  switch (kind) {
    case 'yesno':
      return t(value === 'yes' ? 'yes' : 'no')
    case 'scale':
      return t('mark', { n: value, max: scaleMax })
    case 'choice':
    case 'number':
    case 'text':
      return value.replaceAll('\n', ' ')
  }
}

function numbered(number: number | null, title: string): string {
  return number === null ? title : `${String(number)}. ${title}`
}

function labelOf(table: string, column: string, code: string, language: Language): string {
  return choiceLabel(table, column, code, language)
}
