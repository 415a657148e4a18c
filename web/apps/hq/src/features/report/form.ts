/** What a person asks for, and what of it a kind of document takes. */
import type { components } from '@sansuiji/protocol'

import type { Visit } from '../../api/types'

export type Order = components['schemas']['Order']
export type Job = components['schemas']['Job']
export type Kind = Order['kind']
export type Format = Order['format']

export const documents = [
  'inspection',
  'feedback',
  'visit',
  'progress',
  'ranking',
] as const satisfies readonly Kind[]
export const workbooks = [
  'findings',
  'problems',
  'ledger',
  'visits',
  'interviews',
  'commitments',
] as const satisfies readonly Kind[]

/** Whether a kind is lists for a spreadsheet. */
export function isWorkbook(kind: Kind): boolean {
  return (workbooks as readonly Kind[]).includes(kind)
}

/** The formats that a kind can be had in, the usual one first. */
export function formatsOf(kind: Kind): readonly Format[] {
  if (isWorkbook(kind)) return ['xlsx']
  return kind === 'ranking' ? ['docx', 'pdf', 'xlsx', 'zip'] : ['docx', 'pdf', 'zip']
}

/** The form for another kind: its format stays if the kind has it. */
export function withKind(form: Form, kind: Kind): Form {
  const formats = formatsOf(kind)
  const format = formats.includes(form.format) ? form.format : (formats[0] ?? form.format)
  return { ...form, kind, format }
}

export const languages = ['zh', 'en'] as const satisfies readonly Order['language'][]

/** The form as it is on the screen: what is left open is empty. */
export interface Form {
  kind: Kind
  format: Format
  language: Order['language']
  county: string
  category: string
  unit: string
  visit: string
  to: string
  from: string
  issue: string
  until: string
  pending: boolean
  plain: boolean
  /** Of the list of findings, as its screen has it. */
  filter: NonNullable<Order['filter']>
  line: number | undefined
  titleFont: string
  bodyFont: string
  firstFont: string
  secondFont: string
  boldThird: boolean
}

export function blankForm(language: Order['language']): Form {
  return {
    kind: 'inspection',
    format: 'docx',
    language,
    county: '',
    category: '',
    unit: '',
    visit: '',
    to: '',
    from: '',
    issue: '',
    until: '',
    pending: false,
    plain: false,
    filter: {},
    line: undefined,
    titleFont: '',
    bodyFont: '',
    firstFont: '',
    secondFont: '',
    boldThird: false,
  }
}

/** The fields that a kind of document has beside its format. */
export function fieldsOf(kind: Kind): readonly (keyof Form)[] {
  switch (kind) {
    case 'inspection':
      return ['county', 'category', 'unit', 'to', 'from', 'pending', 'plain']
    case 'feedback':
      return ['unit', 'to', 'from', 'pending', 'plain']
    case 'visit':
      return ['visit', 'pending']
    case 'progress':
      return ['county', 'category', 'issue', 'until', 'from']
    case 'ranking':
      return ['county', 'category', 'to', 'from']
    case 'findings':
    case 'problems':
      return ['county', 'category', 'unit', 'plain', 'filter']
    case 'ledger':
      return ['county', 'category', 'unit', 'plain']
    case 'visits':
    case 'interviews':
    case 'commitments':
      return ['county', 'category', 'unit']
  }
}

/** Whether enough is filled in. */
export function ready(form: Form): boolean {
  return (
    (form.kind !== 'feedback' || form.unit !== '') && (form.kind !== 'visit' || form.visit !== '')
  )
}

/** What is sent: only what the kind takes and what was filled in. */
export function orderOf(form: Form): Order {
  const order: Order = { kind: form.kind, format: form.format, language: form.language }
  const taken = fieldsOf(form.kind)
  for (const name of [
    'county',
    'category',
    'unit',
    'visit',
    'to',
    'from',
    'issue',
    'until',
  ] as const) {
    const text = form[name].trim()
    if (taken.includes(name) && text !== '') order[name] = text
  }
  for (const name of ['pending', 'plain'] as const) {
    if (taken.includes(name) && form[name]) order[name] = true
  }
  if (taken.includes('filter') && isNarrowed(form.filter)) order.filter = form.filter
  const look = lookOf(form)
  if (form.format === 'docx' && Object.keys(look).length > 0) order.look = look
  return order
}

/** Workbooks that a long report names in place of its lists, of the same part of the campaign. */
export function annexesOf({ kind, format, language, county, category, unit }: Order): Order[] {
  if (kind !== 'inspection' || format === 'zip') return []
  const book: Order = { kind: 'problems', format: 'xlsx', language }
  const place = Object.entries({ county, category, unit }).filter(([, value]) => value)
  Object.assign(book, Object.fromEntries(place))
  const achievements = { kind: 'achievement', review: 'accepted' }
  return [book, { ...book, kind: 'ledger' }, { ...book, kind: 'findings', filter: achievements }]
}

/** Whether a filter lets not all through. */
export function isNarrowed(filter: Form['filter']): boolean {
  return Object.keys(filter).length > 0
}

/** A filter as an address of the list of findings has it, without what none has. */
export function filterFrom(text: string): Form['filter'] {
  const names = ['team', 'county', 'category', 'kind', 'severity', 'topic', 'status'] as const
  const asked = new URLSearchParams(text)
  const filter: Form['filter'] = {}
  for (const name of [...names, 'review', 'unit', 'conclusion', 'q'] as const) {
    const value = asked.get(name)
    if (value) filter[name] = value
  }
  return filter
}

function lookOf(form: Form): NonNullable<Order['look']> {
  const look: NonNullable<Order['look']> = {}
  if (form.line !== undefined) look.line_pt = form.line
  if (form.titleFont.trim()) look.title_font = form.titleFont.trim()
  if (form.bodyFont.trim()) look.body_font = form.bodyFont.trim()
  if (form.firstFont.trim()) look.first_font = form.firstFont.trim()
  if (form.secondFont.trim()) look.second_font = form.secondFont.trim()
  if (form.boldThird) look.bold_third = true
  return look
}

/** A choice with the word that people know it by. */
export interface Option {
  readonly value: string
  readonly label: string
}

/** The counties that are visited, each once, in the order of the visits. */
export function countiesOf(visits: readonly Visit[]): readonly string[] {
  return [...new Set(visits.map(({ county }) => county).filter(Boolean))]
}

/** The categories that are visited. */
export function categoriesOf(visits: readonly Visit[]): readonly string[] {
  return [...new Set(visits.map(({ category }) => category))]
}

/** The units that are visited, within a county and a category where these were chosen. */
export function unitsOf(visits: readonly Visit[], form: Form): readonly Option[] {
  const within = fieldsOf(form.kind).includes('county')
  const found = new Map<string, string>()
  for (const { code, unit, county, category } of visits) {
    if (within && form.county && county !== form.county) continue
    if (within && form.category && category !== form.category) continue
    found.set(code, county ? `${unit}（${county}）` : unit)
  }
  return [...found].map(([value, label]) => ({ value, label }))
}

/** The visits, by their unit and team. */
export function visitsOf(visits: readonly Visit[]): readonly Option[] {
  return visits.map(({ id, unit, team }) => ({ value: id, label: `${unit} · ${team}` }))
}

/** Whether any job is not over, so that its state is worth reading again soon. */
export function underWay(jobs: readonly Job[]): boolean {
  return jobs.some(({ state }) => state === 'queued' || state === 'running')
}

/** How far a job is, from 0 to 100. */
export function percentOf({ done, total }: Pick<Job, 'done' | 'total'>): number {
  return total > 0 ? Math.min(100, Math.round((100 * done) / total)) : 0
}

/** A size in megabytes, with as many places as tell something. */
export function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 2 : 0)
}
