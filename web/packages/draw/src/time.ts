/** Times as documents have them: RFC 3339 in UTC, to the second. */
import { refusal } from './problem'

/** The seconds since 1970 of a time, which must be written to the letter. */
export function parseTime(text: string): number {
  const written = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !text.startsWith('0000')
  const milliseconds = written ? Date.parse(text) : NaN
  // Browsers read 24:00:00, and some a 30th of February, and write them otherwise.
  if (
    !Number.isFinite(milliseconds) ||
    new Date(milliseconds).toISOString() !== `${text.slice(0, -1)}.000Z`
  ) {
    throw refusal('time', text)
  }
  return milliseconds / 1000
}
