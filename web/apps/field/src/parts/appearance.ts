/** The theme of the app, for the frame and the settings. */
import type { ThemeChoice } from '@sansuiji/ui'
import { inject, type InjectionKey } from 'vue'

export const appearanceKey: InjectionKey<ThemeChoice> = Symbol('appearance')

export function useAppearance(): ThemeChoice {
  const appearance = inject(appearanceKey)
  if (!appearance) throw new Error('no appearance above this component')
  return appearance
}
