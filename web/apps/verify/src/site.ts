/** One site: how it was opened, and who was asked in which order. */
import type { Language, SiteRecord } from '@sansuiji/draw'

import type { Asked, Asks, Attempt } from './asked'
import { el, factsOf, tag } from './dom'
import type { SiteReport } from './sites'
import { siteWords } from './siteWords'
import { stepsOf } from './steps'
import { words } from './words'

/** What the record of a site says, and the steps of its verification. */
export function sitePart(language: Language, report: SiteReport): readonly HTMLElement[] {
  const w = siteWords[language]
  const { record, asks, steps, result } = report
  const parts: HTMLElement[] = []
  if (record !== undefined) {
    if (result !== 'holds') parts.push(el('p', { class: 'problem' }, w.unproven))
    parts.push(facts(language, record, asks))
  }
  if (record !== undefined && asks !== undefined) parts.push(table(language, record, asks))
  if (steps.length > 0) parts.push(el('h3', {}, words[language].steps), stepsOf(language, steps))
  const files = [report.file, report.roster].filter((name) => name !== undefined)
  return [...parts, el('p', { class: 'soft' }, w.files(files.join(words[language].and)))]
}

function facts(language: Language, record: SiteRecord, asks: Asks | undefined): HTMLElement {
  const w = siteWords[language]
  const { mode, size, official, code, local } = record
  return factsOf([
    [w.mode, w.modes[mode] ?? mode],
    [w.roster, w.size(size, official)],
    [w.told, w.toldAt(code, plainTime(record.logged_at))],
    [w.opened, plainTime(record.opened_at)],
    [w.dice, local.map(({ by, digits }) => `${by}  ${digits}`).join('\n')],
    [w.interviews, asks === undefined ? '' : w.asked(record.n, asks.done, asks.used)],
  ])
}

function table(language: Language, record: SiteRecord, { people }: Asks): HTMLElement {
  const w = siteWords[language]
  const heads = [w.rank, w.place, w.result]
  const day = dayOf(record.opened_at)
  return el(
    'table',
    { class: 'asked', 'aria-label': w.interviews },
    el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))),
    el('tbody', {}, ...people.map((one) => row(language, one, day))),
  )
}

function row(language: Language, one: Asked, day: string): HTMLElement {
  const w = siteWords[language]
  const { rank, key, name, attempts, household } = one
  const tags = [
    one.reserve ? tag('', w.reserve) : undefined,
    one.late ? tag('', w.late) : undefined,
    rank === undefined ? tag('bad', w.stranger) : undefined,
  ]
  const tries = attempts.map((attempt) => line(language, attempt, day))
  const none = el('span', { class: 'soft' }, w.notYet)
  return el(
    'tr',
    { class: attempts.length > 0 ? '' : 'idle' },
    el('td', { class: 'number' }, rank === undefined ? '–' : String(rank)),
    el(
      'th',
      { scope: 'row' },
      el('span', { class: 'id' }, key),
      el('span', { class: 'name' }, name),
      ...tags,
    ),
    el(
      'td',
      {},
      ...(tries.length > 0 ? tries : [none]),
      household &&
        el('span', { class: 'soft door' }, w.household(household.people, household.chosen)),
    ),
  )
}

function line(language: Language, { at, result, wrong }: Attempt, day: string): HTMLElement {
  const said = siteWords[language].results[result] ?? result
  const time = dayOf(at) === day ? at.slice(11, 16) : plainTime(at)
  const kind = wrong ? 'attempt wrong' : result === 'completed' ? 'attempt good' : 'attempt'
  return el(
    'span',
    { class: kind },
    el('span', {}, wrong ? `✕ ${said}` : said),
    el('time', { datetime: at, class: 'soft' }, time),
  )
}

function dayOf(time: string): string {
  return time.slice(0, 10)
}

/** A time as people read it. */
function plainTime(time: string): string {
  return time.replace('T', ' ').replace('Z', ' UTC')
}
