/** Which team goes where, and who is in it. */
import type { Certificate, Language } from '@sansuiji/draw'

import { el } from './dom'
import { words } from './words'

type Pairs = readonly { readonly what: string; readonly team: string }[]

/** The teams; nothing where none were drawn. */
export function teamsPart(language: Language, certificate: Certificate): HTMLElement | undefined {
  const { teams, plan } = certificate
  if (teams === undefined) return undefined
  const w = words[language]
  const whats = (pairs: Pairs, id: string) =>
    pairs.filter(({ team }) => team === id).map(({ what }) => what)
  const rows = (plan.teams?.teams ?? []).map(({ id }) => {
    const members = teams.members.map(({ role, pairs }) =>
      el(
        'span',
        { class: 'role' },
        el('span', { class: 'soft' }, role),
        whats(pairs, id).join(' '),
      ),
    )
    return el(
      'tr',
      {},
      el('th', { scope: 'row', class: 'id' }, id),
      el('td', {}, whats(teams.strata.pairs, id).join(' ')),
      el('td', {}, ...members),
    )
  })
  const heads = [w.team, w.strata, w.members]
  return el(
    'section',
    { class: 'part' },
    el('h2', {}, w.teams),
    el('p', { class: 'soft' }, w.feasible(teams.strata.feasible)),
    el(
      'table',
      { 'aria-label': w.teams },
      el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))),
      el('tbody', {}, ...rows),
    ),
  )
}
