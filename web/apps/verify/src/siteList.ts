/** The verdict on the sites that people brought records of. */
import { say, sayProblem, type Language, type Result } from '@sansuiji/draw'

import { el } from './dom'
import type { Shown } from './page'
import { sitePart } from './site'
import type { SiteReport, SitesReport } from './sites'
import { siteWords } from './siteWords'
import { hashesOf, signs, verdictBox } from './verdict'
import { words } from './words'

/** What came of all sites together. */
export function sitesResult(sites: readonly SiteReport[]): Result {
  const has = (result: Result) => sites.some((site) => site.result === result)
  if (has('fails')) return 'fails'
  return has('unknown') ? 'unknown' : 'holds'
}

/** The verdict on all sites, and each of them; the first is open if it is the only one. */
export function sitesPart(shown: Shown, together: SitesReport): readonly HTMLElement[] {
  const { language, sites } = shown
  const w = siteWords[language]
  const [only, ...others] = sites
  if (only === undefined) return []
  if (others.length > 0) {
    const list = sorted(sites).map((site) => entry(language, site, together))
    const all = el('section', { class: 'part' }, el('h2', {}, w.sites), ...list)
    return [verdict(shown, together), all]
  }
  const title = only.record === undefined ? w.unread : w.site(only.record.site)
  const parts = sitePart(language, only)
  const part = el('section', { class: 'part site' }, el('h2', {}, title), ...parts)
  return [verdict(shown, together), part]
}

function verdict(shown: Shown, together: SitesReport): HTMLElement {
  const { language, sites, report } = shown
  const w = siteWords[language]
  const result = sitesResult(sites)
  const [only, ...others] = sites
  const alone = others.length === 0 ? only : undefined
  const label = alone?.record === undefined ? w.sites : w.site(alone.record.site)
  const reason = alone && reasonOf(language, alone, together)
  const lead = result === 'holds' ? w.holds(sites.length) : (reason ?? countsOf(language, sites))
  const all = together.certificate?.plan.sites?.n
  const ids = new Set(sites.flatMap(({ record }) => record?.site ?? []))
  const reasons = [
    lead,
    ...(all === undefined || all === ids.size ? [] : [w.inPlan(ids.size, all)]),
    ...(report === undefined ? [w.drawUnproven] : []),
  ]
  const hashes = report === undefined ? hashesOf(language, together) : undefined
  return verdictBox(
    language,
    { result, label, reasons, warnings: warnings(shown, together) },
    hashes,
  )
}

function countsOf(language: Language, sites: readonly SiteReport[]): string {
  const count = (result: Result) => sites.filter((site) => site.result === result).length
  return siteWords[language].counts(count('holds'), count('fails'), count('unknown'))
}

/** What the files as a whole leave open. */
function warnings({ language, sites }: Shown, { strays }: SitesReport): readonly string[] {
  const w = siteWords[language]
  const ids = sites.flatMap(({ record }) => record?.site ?? [])
  const twice = new Set(ids.filter((id, i) => ids.indexOf(id) < i))
  const foreign = strays.length > 0 ? [w.strays(strays.join(words[language].and))] : []
  return [...foreign, ...Array.from(twice, w.twice)]
}

/** Why a site does not hold; nothing if it does. */
function reasonOf(language: Language, site: SiteReport, all: SitesReport): string | undefined {
  const w = siteWords[language]
  const { certificate } = all
  const { record, roster, steps } = site
  if (record !== undefined && roster === undefined) return w.noRoster
  const problem = steps.find((step) => step.problem !== undefined)?.problem
  const foreign = problem?.code === 'plan-hash' || problem?.code === 'site-key'
  if (foreign && record?.plan_hash !== certificate?.plan_hash) return w.foreign
  return problem && sayProblem(language, problem)
}

const gravest: readonly Result[] = ['fails', 'unknown', 'holds']

/** Those that do not hold first. */
function sorted(sites: readonly SiteReport[]): readonly SiteReport[] {
  const place = ({ result }: SiteReport) => gravest.indexOf(result)
  const name = ({ record, file }: SiteReport) => record?.site ?? file
  return [...sites].sort((a, b) => place(a) - place(b) || (name(a) < name(b) ? -1 : 1))
}

function entry(language: Language, site: SiteReport, together: SitesReport): HTMLElement {
  const w = siteWords[language]
  const { record, asks, result } = site
  const reason = reasonOf(language, site, together)
  const count = record && asks && w.asked(record.n, asks.done, asks.used)
  const said = say(language, result)
  return el(
    'details',
    { class: `entry ${result}` },
    el(
      'summary',
      {},
      el('span', { class: 'mark', role: 'img', 'aria-label': said }, signs[result]),
      el('span', { class: 'id' }, record?.site ?? site.file),
      el('span', { class: 'entry-result' }, said),
      el('span', { class: 'soft entry-count' }, reason ?? count ?? ''),
    ),
    ...sitePart(language, site),
  )
}
