/** Light, dark, for the sun, or what the system says. */
import { ref, watchEffect, type Ref } from 'vue'

import type { Preferences } from './preference'

/** `sun` is light with all the contrast that a screen has. */
export type Theme = 'system' | 'light' | 'dark' | 'sun'

const themes: readonly Theme[] = ['system', 'light', 'dark', 'sun']

export interface ThemeChoice {
  readonly choice: Ref<Theme>
  /** Whether it is light or dark: as chosen, or the system's where the choice is `system`. */
  readonly shown: Readonly<Ref<'light' | 'dark'>>
}

/** Applies the remembered theme to the document and follows changes of it. */
export function useTheme(preferences: Preferences): ThemeChoice {
  const remembered = themes.find((theme) => theme === preferences.get('theme'))
  const choice = ref<Theme>(remembered ?? 'system')
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const systemDark = ref(dark.matches)
  dark.addEventListener('change', (event) => {
    systemDark.value = event.matches
  })
  const shown = ref<'light' | 'dark'>('light')
  watchEffect(() => {
    const system = systemDark.value ? 'dark' : 'light'
    const theme = choice.value === 'system' ? system : choice.value
    shown.value = theme === 'dark' ? 'dark' : 'light'
    document.documentElement.dataset['theme'] = theme
    preferences.set('theme', choice.value)
  })
  return { choice, shown }
}
