/** What a person chose at this browser: appearance and the campaign last looked at. */
import { inject, type InjectionKey } from 'vue'

import type { Preferences, ThemeChoice } from '@sansuiji/ui'

export const preferencesKey: InjectionKey<Preferences> = Symbol('preferences')
export const themeKey: InjectionKey<ThemeChoice> = Symbol('theme')

const campaignName = 'hq.campaign'

export interface LastCampaign {
  readonly get: () => string
  readonly set: (id: string) => void
}

export function useLastCampaign(): LastCampaign {
  const preferences = inject(preferencesKey)
  if (!preferences) throw new Error('the app provides no preferences')
  return {
    get: () => preferences.get(campaignName) ?? '',
    set: (id) => {
      preferences.set(campaignName, id)
    },
  }
}

export function useThemeChoice(): ThemeChoice {
  const theme = inject(themeKey)
  if (!theme) throw new Error('the app provides no theme')
  return theme
}

/** The campaign to open first: the one last looked at if it is still there. */
export function firstCampaign(ids: readonly string[], last: string): string | undefined {
  return ids.includes(last) ? last : ids[0]
}
