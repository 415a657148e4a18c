/**
 * What a phone still knows of itself when its data is lost. It lies in localStorage, which
 * browsers clear by other rules than files and databases: so an empty database is told from
 * a new phone, and nobody finds an empty app where their work was.
 */
import type { Identity, SafetySummary } from '@sansuiji/local'
import type { Preferences } from '@sansuiji/ui'

/** The device, and how it stood with headquarters when it was last looked at. */
export interface Marker extends SafetySummary {
  readonly device: Identity['device']
  readonly campaign: Identity['campaign']
  readonly campaignName: string
  readonly inspectorName: string
  /** Unix milliseconds. */
  readonly at: number
}

const name = 'marker'

export function readMarker(preferences: Preferences): Marker | null {
  const text = preferences.get(name)
  if (!text) return null
  try {
    return JSON.parse(text) as Marker
  } catch {
    return null
  }
}

export function writeMarker(
  preferences: Preferences,
  { device, campaign, campaignName, inspectorName }: Identity,
  now: SafetySummary & { readonly at: number },
): void {
  keepMarker(preferences, { ...now, device, campaign, campaignName, inspectorName })
}

export function keepMarker(preferences: Preferences, marker: Marker): void {
  preferences.set(name, JSON.stringify(marker))
}
