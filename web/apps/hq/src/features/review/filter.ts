/** The filters of the findings list. They live in the address, so that a link keeps them. */
import type { LocationQuery } from 'vue-router'

import type { Language } from '@sansuiji/protocol'

export const filterNames = [
  'team',
  'county',
  'category',
  'kind',
  'severity',
  'topic',
  'status',
  'review',
  'unit',
  'conclusion',
  'q',
] as const

export type FilterName = (typeof filterNames)[number]

/** What is asked for; an absent name does not narrow. */
export type Filter = Readonly<Partial<Record<FilterName, string>>>

/** The server takes no longer search texts. */
export const searchMax = 100

/** Rows on one page. */
export const pageSize = 50

function textOf(query: LocationQuery, name: string): string {
  const value = query[name]
  return typeof value === 'string' ? value.trim() : ''
}

/** Reads the filters of an address. */
export function filterOf(query: LocationQuery): Filter {
  const filter: Partial<Record<FilterName, string>> = {}
  for (const name of filterNames) {
    const value = textOf(query, name)
    if (value) filter[name] = name === 'q' ? value.slice(0, searchMax) : value
  }
  return filter
}

/** The page of an address, from 1. */
export function pageOf(query: LocationQuery): number {
  const page = Number(textOf(query, 'page'))
  return Number.isSafeInteger(page) && page > 1 ? page : 1
}

/** The query part of an address with these filters and page. */
export function queryOf(filter: Filter, page: number): Record<string, string> {
  return { ...definedOf(filter), ...(page > 1 ? { page: String(page) } : {}) }
}

/** A filter with one name changed; an empty value takes it out. */
export function withFilter(filter: Filter, name: FilterName, value: string | undefined): Filter {
  return definedOf({ ...filter, [name]: value?.trim() ?? '' })
}

/** Whether anything narrows the list. */
export function isNarrowed(filter: Filter): boolean {
  return Object.keys(definedOf(filter)).length > 0
}

/** Where the workbook of these filters is downloaded. */
export function reportAddress(campaign: string, filter: Filter, language: Language): string {
  const query = new URLSearchParams({ ...definedOf(filter), lang: language })
  return `/api/hq/campaigns/${encodeURIComponent(campaign)}/report.xlsx?${query.toString()}`
}

function definedOf(filter: Filter): Record<string, string> {
  const entries = filterNames.flatMap((name) => {
    const value = filter[name]
    return value ? [[name, value] as const] : []
  })
  return Object.fromEntries(entries)
}
