/** All that is verified at a time: a draw, sites, or both. */
import type { Files, Step } from '@sansuiji/draw'

import { checking, type Report } from './report'
import { checkingSites, type SiteReport, type SitesFiles, type SitesReport } from './sites'

/** What is to be verified. */
export interface Job {
  readonly draw: Files | undefined
  readonly sites: SitesFiles | undefined
}

/** What the page hears of a verification. */
export type News =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'draw'; readonly report: Report }
  | { readonly kind: 'site'; readonly report: SiteReport }
  | { readonly kind: 'sites'; readonly report: SitesReport }
  | { readonly kind: 'done' }
  | { readonly kind: 'crashed' }

/** Does one thing after the other, and tells of each. */
export function* doing({ draw, sites }: Job): Generator<News, void, undefined> {
  if (draw !== undefined) {
    yield { kind: 'draw', report: yield* told(checking(draw), (step) => ({ kind: 'step', step })) }
  }
  if (sites !== undefined) {
    const work = told(checkingSites(sites), (report) => ({ kind: 'site', report }))
    yield { kind: 'sites', report: yield* work }
  }
  yield { kind: 'done' }
}

/** Makes news of what some work yields. */
function* told<T, R>(
  work: Generator<T, R, undefined>,
  newsOf: (yielded: T) => News,
): Generator<News, R, undefined> {
  for (;;) {
    const next = work.next()
    if (next.done === true) return next.value
    yield newsOf(next.value)
  }
}
