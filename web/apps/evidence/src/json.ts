/** What JSON says, as the type that it must be. */

export function object(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('not an object')
  }
  return value as Readonly<Record<string, unknown>>
}

export function array(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('not a list')
  return value
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('not a text')
  return value
}

export function number(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Error('not a number')
  return value
}

/** A text that may be missing. */
export function textOr(value: unknown, otherwise: string): string {
  return value === undefined ? otherwise : text(value)
}
