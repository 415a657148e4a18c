/** What the browser tells of the phone it runs on. */

/** A name to start from: the kind of device. */
export function deviceName(userAgent: string): string {
  const kinds = [
    [/iPhone/, 'iPhone'],
    [/iPad/, 'iPad'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS/, 'Mac'],
    [/Linux/, 'Linux'],
  ] as const
  return kinds.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Web'
}
