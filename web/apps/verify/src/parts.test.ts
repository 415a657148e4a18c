// @vitest-environment happy-dom
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Files, Language, Step } from '@sansuiji/draw'
import { expect, test } from 'vitest'

import { drawnPart } from './drawn'
import type { Shown } from './page'
import { checking, type Report } from './report'
import { routesPart } from './routes'
import { stepsPart } from './steps'
import { teamsPart } from './teams'
import { verdictPart } from './verdict'

const folder = join(import.meta.dirname, '../../../../testdata/draw/city')
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)))
const files: Files = {
  certificate: read('certificate.json'),
  frame: read('frame.csv'),
  log: read('log.jsonl'),
}

function shownOf(of: Files, language: Language): Shown & { readonly report: Report } {
  const steps: Step[] = []
  const work = checking(of)
  for (;;) {
    const next = work.next()
    if (next.done === true) {
      const common = { missing: [], wrongHash: undefined, sites: [], together: undefined }
      return { ...common, language, state: 'done', steps, report: next.value }
    }
    steps.push(next.value)
  }
}

function verdictOf(of: Files, language: Language): HTMLElement {
  const shown = shownOf(of, language)
  return verdictPart(shown, shown.report)
}

test('a city is shown with its verdict, steps, units, teams and routes', () => {
  const shown = shownOf(files, 'zh')
  const { report } = shown
  const { certificate } = report
  if (certificate === undefined) throw new Error('no certificate')
  const verdict = verdictPart(shown, report)
  expect(verdict.querySelector('.result')?.textContent).toBe('✓成立')
  const groups = verdict.querySelectorAll('.hash')[0]?.querySelectorAll('span')
  expect(Array.from(groups ?? [], (group) => group.textContent).join('')).toBe(report.hash)
  expect(stepsPart('zh', shown.steps, false)?.querySelectorAll('li.holds')).toHaveLength(8)
  const rows = drawnPart('zh', report, certificate)?.querySelectorAll('tbody tr')
  expect(rows).toHaveLength(certificate.drawn.length)
  expect(rows?.[0]?.textContent).toContain('村')
  expect(teamsPart('zh', certificate)?.querySelectorAll('tbody tr')).toHaveLength(5)
  const routes = routesPart('zh', report, certificate)
  expect(routes?.querySelectorAll('svg')).toHaveLength(certificate.routes.length)
})

test('what is missing or wrong is said', () => {
  const without = verdictOf({ ...files, log: undefined }, 'en')
  expect(without.textContent).toContain('This is ceremony 2')
  const broken = verdictOf({ ...files, frame: files.certificate }, 'en')
  expect(broken.className).toBe('verdict fails')
  const none = verdictOf({ ...files, certificate: files.frame }, 'zh')
  expect(none.textContent).toContain('第 1 行第 1 列')
  expect(none.querySelector('.hash')).toBeNull()
})

test('a route shows where a day begins', () => {
  const { report } = shownOf(files, 'zh')
  const { certificate } = report
  if (certificate === undefined) throw new Error('no certificate')
  const routes = certificate.routes.map((route) => ({ ...route, days: [2, route.tour.length - 2] }))
  const items = routesPart('zh', report, { ...certificate, routes })?.querySelectorAll('.tour li')
  const days = Array.from(items ?? [], (item) => item.querySelector('.tag')?.textContent ?? '')
  expect(days.slice(0, 4)).toEqual(['第 1 天', '', '第 2 天', ''])
})
