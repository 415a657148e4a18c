/** What charts show, and how. */
import type { Language } from '@sansuiji/protocol'
import { choicesOf } from '@sansuiji/protocol'

import type { Dashboard } from '../../api/types'

export interface Series {
  readonly name: string
  readonly kind: 'bar' | 'line'
  readonly values: readonly number[]
  /** A colour of the theme. */
  readonly colour: string
}

export interface ChartData {
  readonly labels: readonly string[]
  readonly series: readonly Series[]
  /** Labels stand at the side: they are long. */
  readonly sideways: boolean
  /** One colour for each label instead of each series. */
  readonly colours?: readonly string[]
}

/** The chart library's option for data, in the colours of a style. */
export function optionOf(data: ChartData, style: CSSStyleDeclaration) {
  const of = (name: string): string => style.getPropertyValue(name).trim()
  const [text, line] = [of('--s-text-soft'), of('--s-line')]
  const names = {
    type: 'category' as const,
    data: [...data.labels],
    axisLabel: { color: text },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: line } },
  }
  const numbers = (position: number) => ({
    type: 'value' as const,
    minInterval: 1,
    axisLabel: { color: text },
    splitLine: { show: position === 0, lineStyle: { color: line } },
  })
  const values = data.series.length > 1 ? [numbers(0), numbers(1)] : [numbers(0)]
  return {
    animation: false,
    textStyle: { fontFamily: of('--s-font') },
    grid: {
      left: 4,
      right: 12,
      top: data.series.length > 1 ? 34 : 12,
      bottom: 4,
      containLabel: true,
    },
    tooltip: { trigger: 'axis' as const, confine: true },
    ...(data.series.length > 1 ? { legend: { top: 0, right: 0, textStyle: { color: text } } } : {}),
    xAxis: data.sideways ? values : [names],
    yAxis: data.sideways ? [{ ...names, inverse: true }] : values,
    series: data.series.map((series, index) => ({
      name: series.name,
      type: series.kind,
      ...(data.sideways || data.series.length < 2 ? {} : { yAxisIndex: index }),
      barMaxWidth: 26,
      symbolSize: 6,
      itemStyle: { color: of(series.colour) },
      data: series.values.map((value, at) => {
        const own = data.colours?.[at]
        return own ? { value, itemStyle: { color: of(own) } } : value
      }),
    })),
  }
}

/** Month and day in the one time of the whole country. */
export function dayLabel(at: number): string {
  const day = new Date(at + 8 * 3_600_000)
  return `${day.getUTCMonth() + 1}/${day.getUTCDate()}`
}

export interface DayWords {
  readonly findings: string
  readonly visits: string
}

export function daysChart({ days }: Pick<Dashboard, 'days'>, words: DayWords): ChartData {
  const list = days ?? []
  return {
    labels: list.map((day) => dayLabel(day.day)),
    sideways: false,
    series: [
      {
        name: words.findings,
        kind: 'bar',
        values: list.map((day) => day.findings),
        colour: '--s-info',
      },
      {
        name: words.visits,
        kind: 'line',
        values: list.map((day) => day.visits),
        colour: '--s-good',
      },
    ],
  }
}

const severityColours: Readonly<Record<string, string>> = {
  minor: '--s-text-soft',
  moderate: '--s-info',
  serious: '--s-warn',
  critical: '--s-bad',
}

interface Counted {
  readonly code: string
  readonly count: number
}

/** Counts by a column's choices, with their words. */
export function choicesChart(
  column: 'severity' | 'topic',
  counts: readonly Counted[],
  language: Language,
  words: { readonly name: string; readonly none: string },
): ChartData {
  const choices = choicesOf('finding', column)
  const label = (code: string): string =>
    choices.find((choice) => choice.code === code)?.label[language] ?? (code || words.none)
  const data: ChartData = {
    labels: counts.map(({ code }) => label(code)),
    sideways: column === 'topic',
    series: [
      { name: words.name, kind: 'bar', values: counts.map((c) => c.count), colour: '--s-info' },
    ],
  }
  if (column === 'topic') return data
  return { ...data, colours: counts.map(({ code }) => severityColours[code] ?? '--s-line') }
}
