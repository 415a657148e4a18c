/** A form that is half filled in, kept by the browser's tab until it is planned. */
import { newForm, type PlanForm } from './form'

const nameOf = (campaign: string): string => `hq.plan.${campaign}`

/** The form as it was left, or a new one. What does not fit the form any more is left out. */
export function readDraft(store: Storage, campaign: string): PlanForm {
  const fresh = newForm()
  try {
    const kept: unknown = JSON.parse(store.getItem(nameOf(campaign)) ?? '{}')
    return typeof kept === 'object' && kept !== null ? filled(fresh, kept) : fresh
  } catch {
    return fresh
  }
}

export function keepDraft(store: Storage, campaign: string, form: PlanForm): void {
  try {
    store.setItem(nameOf(campaign), JSON.stringify(form))
  } catch {
    // A full or forbidden store only costs the comfort.
  }
}

export function dropDraft(store: Storage, campaign: string): void {
  store.removeItem(nameOf(campaign))
}

function filled(fresh: PlanForm, kept: object): PlanForm {
  const known = Object.entries(kept).filter(
    ([name, value]) => name in fresh && alike(fresh[name as keyof PlanForm], value),
  )
  return { ...fresh, ...Object.fromEntries(known) }
}

function alike(a: unknown, b: unknown): boolean {
  return typeof a === typeof b && b !== null && Array.isArray(a) === Array.isArray(b)
}
