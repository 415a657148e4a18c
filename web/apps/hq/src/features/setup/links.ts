/** Where the steps lead. */
import type { RouteLocationNamedRaw } from 'vue-router'

import type { StepName } from './steps'

/** A dialog of this page, or a screen. */
export type Link =
  | { readonly name: string; readonly opens: 'details' | 'sealKey' }
  | { readonly name: string; readonly to: RouteLocationNamedRaw & { readonly name: string } }

export function linksOf(step: StepName, campaign: string): readonly Link[] {
  const screen = (name: string, route: string, query: Record<string, string> = {}): Link => ({
    name,
    to: { name: route, params: { campaign }, query },
  })
  const table = (kind: string, name = kind): Link => screen(name, 'import', { kind })
  switch (step) {
    case 'campaign':
      return [
        { name: 'details', opens: 'details' },
        { name: 'sealKey', opens: 'sealKey' },
      ]
    case 'units':
      return [table('units')]
    case 'lists':
      return [table('problems'), table('ledger'), table('commitments')]
    case 'questions':
      return [screen('questions', 'questions'), table('questions', 'importQuestions')]
    case 'teams':
      return [table('people')]
    case 'draws':
      return [screen('draws', 'draws')]
    case 'devices':
      return [screen('devices', 'devices'), screen('accounts', 'people')]
  }
}
