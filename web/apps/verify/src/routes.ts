/** The order in which teams drive, as lists and maps. */
import type { Certificate, Language, Route } from '@sansuiji/draw'

import { el, tag } from './dom'
import { mapOf } from './map'
import type { Report } from './report'
import { words } from './words'

/** The routes; nothing where none were drawn. */
export function routesPart(
  language: Language,
  report: Report,
  certificate: Certificate,
): HTMLElement | undefined {
  const { routes, plan } = certificate
  if (routes.length === 0 || plan.routes === undefined) return undefined
  const depot = { x: plan.routes.depot_x_m, y: plan.routes.depot_y_m }
  const cards = routes.map((route) => card(language, report, route, depot))
  return el(
    'section',
    { class: 'part' },
    el('h2', {}, words[language].routes),
    el('div', { class: 'routes' }, ...cards),
  )
}

interface Depot {
  readonly x: number
  readonly y: number
}

function card(
  language: Language,
  { places }: Report,
  { team, tour, days, length_m: length, budget_m: budget }: Route,
  depot: Depot,
): HTMLElement {
  const w = words[language]
  const title = `${w.team} ${team} · ${w.stops(tour.length)}`
  const stops = tour.flatMap((id) => places.get(id) ?? [])
  const firsts = firstsOf(days)
  const whole = stops.length === tour.length && stops.length > 0
  return el(
    'article',
    { class: 'route' },
    el('h3', {}, title),
    el('p', { class: 'soft' }, w.lengths(kilometres(length), kilometres(budget))),
    whole ? mapOf([depot, ...stops], { title, depot: w.depot, scale: w.kilometres }) : undefined,
    el(
      'ol',
      { class: 'tour' },
      ...tour.map((id, i) => {
        const name = places.get(id)?.name ?? ''
        const day = firsts.indexOf(i) + 1
        return el(
          'li',
          {},
          el('span', { class: 'id' }, id),
          name === '' ? '' : ` ${name} `,
          day > 0 ? tag('', w.day(day)) : undefined,
        )
      }),
    ),
  )
}

/** The places in a tour of the first stop of each day. */
function firstsOf(days: readonly number[]): readonly number[] {
  return days.map((_, i) => days.slice(0, i).reduce((sum, stops) => sum + stops, 0))
}

function kilometres(metres: number): string {
  return (metres / 1000).toFixed(1)
}
