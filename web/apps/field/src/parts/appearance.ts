/** The theme of the app and the size of its letters, for the frame and the settings. */
import type { Preferences, ThemeChoice } from '@sansuiji/ui'
import { inject, ref, watchEffect, type InjectionKey, type Ref } from 'vue'

/** Sizes of letters, in per cent of the browser's own. */
export const letterSizes = ['100', '125', '150'] as const

export type LetterSize = (typeof letterSizes)[number]

/** How the app looks, as the person chose. */
export interface Appearance extends ThemeChoice {
  readonly letters: Ref<LetterSize>
}

export const appearanceKey: InjectionKey<Appearance> = Symbol('appearance')

export function useAppearance(): Appearance {
  const appearance = inject(appearanceKey)
  if (!appearance) throw new Error('no appearance above this component')
  return appearance
}

/** Applies the remembered size of letters to the document and follows changes of it. */
export function useLetters(preferences: Preferences): Ref<LetterSize> {
  const remembered = letterSizes.find((size) => size === preferences.get('letters'))
  const letters = ref<LetterSize>(remembered ?? '100')
  watchEffect(() => {
    document.documentElement.style.setProperty('--s-letters', String(Number(letters.value) / 100))
    preferences.set('letters', letters.value)
  })
  return letters
}
