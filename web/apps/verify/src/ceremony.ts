/** Which ceremony it was. */
import type { Certificate, Language } from '@sansuiji/draw'

import { el, factsOf } from './dom'
import { words } from './words'

/** What a reader wants to know of a ceremony at a glance. */
export function ceremonyPart(language: Language, certificate: Certificate): HTMLElement {
  const w = words[language]
  const { plan, published, throws, reveals, thrown_at: thrown } = certificate
  const facts: readonly (readonly [string, string])[] = [
    [w.campaign, w.number(plan.campaign, plan.seq)],
    [w.purpose, `${plan.purpose} / ${plan.scope}`],
    [w.published, published.map(({ where, at }) => w.publishedAt(where, at)).join('\n')],
    [w.thrown, [thrown ?? '', ...throws.map(({ by, digits }) => `${by}  ${digits}`)].join('\n')],
    [w.secrets, reveals.map(({ role }) => role).join(w.and)],
  ]
  return el('section', { class: 'part' }, el('h2', {}, w.ceremony), factsOf(facts))
}
