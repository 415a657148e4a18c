/** All that is shown of a verification. */
import { say } from '@sansuiji/draw'

import { ceremonyPart } from './ceremony'
import { drawnPart } from './drawn'
import type { Shown } from './page'
import type { Report } from './report'
import { routesPart } from './routes'
import { sitesPart, sitesResult } from './siteList'
import { siteWords } from './siteWords'
import { stepsPart } from './steps'
import { teamsPart } from './teams'
import { statusOf, statusPart, verdictPart } from './verdict'
import { words } from './words'

/** What there is to say of a verification, in a few words. */
export function outcomeSaid(shown: Shown): string {
  const { language, report, sites, together } = shown
  const draw = report && `${words[language].ceremony}: ${say(language, report.result)}`
  const all = together && `${siteWords[language].sites}: ${say(language, sitesResult(sites))}`
  return [statusOf(shown), draw, all].filter((said) => said !== undefined).join(' ')
}

/** All that is shown of it. */
export function outcomeParts(shown: Shown): readonly HTMLElement[] {
  const { language, steps, state, report, together } = shown
  const parts = [
    statusPart(shown),
    report && verdictPart(shown, report),
    stepsPart(language, steps, state === 'running'),
    ...(report === undefined ? [] : drawParts(shown, report)),
    ...(together === undefined ? [] : sitesPart(shown, together)),
  ]
  const alone = report === undefined ? together?.certificate : undefined
  parts.push(alone && ceremonyPart(language, alone))
  return parts.filter((part) => part !== undefined)
}

function drawParts({ language }: Shown, report: Report): readonly (HTMLElement | undefined)[] {
  const { certificate } = report
  if (certificate === undefined) return []
  return [
    ceremonyPart(language, certificate),
    drawnPart(language, report, certificate),
    teamsPart(language, certificate),
    routesPart(language, report, certificate),
  ]
}
