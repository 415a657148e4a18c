/** What is written down of a campaign. */
import type { components } from '@sansuiji/protocol'

import { beginOf, dayOf, endOf } from './days'

type Schemas = components['schemas']

export type Setup = Schemas['Setup']

export interface DetailsForm {
  code: string
  name: string
  city: string
  begins: string
  ends: string
}

export const blankDetails = (): DetailsForm => ({
  code: '',
  name: '',
  city: '',
  begins: '',
  ends: '',
})

export function detailsOf(setup: Setup): DetailsForm {
  return {
    code: setup.code,
    name: setup.name,
    city: setup.city,
    begins: dayOf(setup.starts_at),
    ends: dayOf(setup.ends_at),
  }
}

export type DetailsField = 'code' | 'name' | 'ends'

/** What is wrong with a form, by field: a key of the words. */
export function gapsOf({
  code,
  name,
  begins,
  ends,
}: DetailsForm): Partial<Record<DetailsField, string>> {
  return {
    ...(/^[A-Za-z0-9._:-]{1,64}$/.test(code.trim()) ? {} : { code: 'round.need.code' }),
    ...(name.trim() === '' ? { name: 'round.need.name' } : {}),
    ...(begins !== '' && ends !== '' && ends < begins ? { ends: 'round.need.ends' } : {}),
  }
}

/** What is sent: name, city and days. */
export function sentOf({ name, city, begins, ends }: DetailsForm): Schemas['Details'] {
  const [starts_at, ends_at] = [beginOf(begins), endOf(ends)]
  return {
    name: name.trim(),
    city: city.trim(),
    ...(starts_at === undefined ? {} : { starts_at }),
    ...(ends_at === undefined ? {} : { ends_at }),
  }
}
