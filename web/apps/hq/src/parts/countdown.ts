/** How long there is to go. */

/** Time left as `9:05` or `23:59:59`; empty when there is none. */
export function countdown(expiresAt: number, nowMillis: number): string {
  const seconds = Math.floor((expiresAt - nowMillis) / 1000)
  if (seconds <= 0) return ''
  const two = (n: number): string => String(n).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = two(seconds % 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}
