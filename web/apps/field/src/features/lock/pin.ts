/**
 * What is kept of a PIN, and how long to wait after wrong ones. A PIN stops who picks up
 * the phone; with the browser's files in hand a few digits can be tried out, however
 * slowly they are hashed.
 */

/** What is kept: PBKDF2 with HMAC-SHA-256 over the digits, in hexadecimal. */
export interface PinRecord {
  readonly salt: string
  readonly hash: string
  readonly rounds: number
}

/** Wrong PINs in a row, and when the last was given, Unix milliseconds. */
export interface Tries {
  readonly wrong: number
  readonly at: number
}

export const pinMin = 4
export const pinMax = 8

/** As OWASP's Password Storage Cheat Sheet asks for PBKDF2-HMAC-SHA256. */
export const roundsNow = 600_000

/** Wrong PINs that cost nothing, for slips of the finger. */
const slips = 3

/** Waits after each further wrong PIN; the last holds for all that follow. Milliseconds. */
const waits = [30_000, 60_000, 5 * 60_000, 15 * 60_000, 60 * 60_000] as const

/** Hashes a new PIN with a fresh salt. */
export async function recordOf(pin: string, rounds: number): Promise<PinRecord> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  return { salt: hex(salt), hash: hex(await derive(pin, salt, rounds)), rounds }
}

/** Whether a PIN is the one that was recorded. */
export async function matches(pin: string, { salt, hash, rounds }: PinRecord): Promise<boolean> {
  const found = hex(await derive(pin, bytesOf(salt), rounds))
  // Every digit is looked at, whatever the first ones are.
  let different = found.length ^ hash.length
  for (let i = 0; i < hash.length; i++) different |= found.charCodeAt(i) ^ hash.charCodeAt(i)
  return different === 0
}

/** Milliseconds until the next PIN may be tried. */
export function waitOf({ wrong, at }: Tries, nowMillis: number): number {
  if (wrong < slips) return 0
  const wait = waits[Math.min(wrong - slips, waits.length - 1)] ?? 0
  // A clock that was set back shortens nothing, and makes nobody wait longer than once.
  return Math.min(wait, Math.max(0, at + wait - nowMillis))
}

/** Why a PIN cannot be used; nothing when it can. */
export function pinFault(pin: string): 'tooShort' | 'tooPlain' | null {
  if (!new RegExp(`^\\d{${String(pinMin)},${String(pinMax)}}$`).test(pin)) return 'tooShort'
  return isPlain(pin) ? 'tooPlain' : null
}

/** All the same, or one up or one down from digit to digit. */
function isPlain(pin: string): boolean {
  const digits = Array.from(pin, Number)
  const steps = digits.slice(1).map((digit, i) => digit - (digits[i] ?? 0))
  const [first = 0] = steps
  return Math.abs(first) <= 1 && steps.every((step) => step === first)
}

async function derive(
  pin: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<Uint8Array> {
  const digits = new TextEncoder().encode(pin)
  const key = await crypto.subtle.importKey('raw', digits, 'PBKDF2', false, ['deriveBits'])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256))
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}
