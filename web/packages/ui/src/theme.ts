/** Light, dark, or what the system says. */
import { ref, watchEffect, type Ref } from 'vue'

import type { Preferences } from './preference'

export type Theme = 'system' | 'light' | 'dark'

const themes: readonly Theme[] = ['system', 'light', 'dark']

export interface ThemeChoice {
  readonly choice: Ref<Theme>
  /** What is shown: the choice, or the system's where the choice is `system`. */
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
    shown.value = choice.value === 'system' ? system : choice.value
    document.documentElement.dataset['theme'] = shown.value
    preferences.set('theme', choice.value)
  })
  return { choice, shown }
}
