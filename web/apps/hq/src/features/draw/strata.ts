/** What strata are called. */
import { choiceLabel, type Language } from '@sansuiji/protocol'

import type { Stratum } from '../../api/types'

/** A stratum by what its units have in common. */
export function wordOfStratum(
  { id, county, category }: Pick<Stratum, 'id' | 'county' | 'category'>,
  language: Language,
): string {
  const parts = [county, category && choiceLabel('unit', 'category', category, language)]
  return parts.filter((part) => part).join(' · ') || id
}
