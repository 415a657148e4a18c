/** What carries this phone's bytes, where the browser tells. */
import type { LineKind } from './uploadQueue'

interface Connection {
  readonly type?: string
  readonly saveData?: boolean
  readonly addEventListener?: (type: 'change', heard: () => void) => void
}

/** Asks the browser, each time anew. Desktop browsers and iPhones do not tell. */
export function browserLine(): LineKind {
  const { connection } = navigator as { readonly connection?: Connection }
  if (connection?.saveData === true) return 'paid'
  const type = connection?.type ?? ''
  if (['wifi', 'ethernet'].includes(type)) return 'free'
  return ['cellular', 'wimax', 'bluetooth'].includes(type) ? 'paid' : 'unknown'
}

/** Tells when the line becomes another one. */
export function watchLine(changed: () => void): void {
  const { connection } = navigator as { readonly connection?: Connection }
  connection?.addEventListener?.('change', changed)
}
