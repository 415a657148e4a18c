/** The units that were drawn, and the reserve. */
import type { Allotted, Certificate, Drawn, Language } from '@sansuiji/draw'

import { el, tag } from './dom'
import type { Report } from './report'
import { words } from './words'

/** The drawn units, a table for each stratum; nothing where no units were drawn. */
export function drawnPart(
  language: Language,
  report: Report,
  certificate: Certificate,
): HTMLElement | undefined {
  const { allocation, drawn } = certificate
  if (drawn.length === 0) return undefined
  const w = words[language]
  const tables = allocation
    .filter(({ n }) => n > 0)
    .map((allotted) => table(language, report, certificate, allotted))
  return el(
    'section',
    { class: 'part' },
    el('h2', {}, w.drawn),
    report.result === 'fails' ? el('p', { class: 'problem' }, w.unproven) : undefined,
    el('div', { class: 'strata' }, ...tables),
  )
}

function table(
  language: Language,
  report: Report,
  certificate: Certificate,
  { stratum, units, n, reserve }: Allotted,
): HTMLElement {
  const w = words[language]
  const heads = [w.rank, w.id, w.name, w.probability]
  const rows = certificate.drawn.filter((one) => one.stratum === stratum)
  return el(
    'table',
    { class: 'drawn' },
    el(
      'caption',
      {},
      el('strong', {}, `${w.stratum} ${stratum}`),
      el('span', { class: 'soft' }, w.stratumCount(units, n, reserve)),
    ),
    el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))),
    el('tbody', {}, ...rows.map((one) => row(language, report, certificate, one))),
  )
}

function row(
  language: Language,
  { places }: Report,
  { amendments }: Certificate,
  { rank, reserve, id, probability }: Drawn,
): HTMLElement {
  const w = words[language]
  const gone = amendments.some(({ out }) => out === id)
  const replacing = amendments.find((amendment) => amendment.in === id)
  const idle = gone || (reserve > 0 && replacing === undefined)
  const tags = [
    reserve > 0 ? tag('', w.reserve(reserve)) : undefined,
    replacing && tag('good', w.replaces(replacing.out)),
    gone ? tag('bad', w.replaced) : undefined,
  ]
  return el(
    'tr',
    { class: idle ? 'idle' : '' },
    el('td', { class: 'number' }, String(rank)),
    el('th', { scope: 'row', class: gone ? 'id gone' : 'id' }, id),
    el('td', {}, el('span', { class: 'name' }, places.get(id)?.name ?? ''), ...tags),
    el('td', { class: 'number' }, probability),
  )
}
