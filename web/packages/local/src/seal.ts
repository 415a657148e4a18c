/**
 * Seals bytes so that headquarters alone can read them: age files (age-encryption.org/v1)
 * to its X25519 recipients. Nothing on a phone opens them again.
 */
import { Encrypter } from 'age-encryption'

import { copy, type Bytes } from '@sansuiji/protocol'

/** A recipient's text: Bech32 of 32 bytes under the name "age". */
const recipientPattern = /^age1[02-9ac-hj-np-z]{58}$/

/** Keys that one campaign seals to; each adds some 100 bytes to every file. */
const recipientsMax = 20

/** To whom a campaign seals. */
export type Recipients =
  | { readonly kind: 'ready'; readonly list: readonly string[] }
  /** Headquarters has set none. */
  | { readonly kind: 'none' }
  /** At least one line is no recipient: nothing is sealed, rather than to fewer keys. */
  | { readonly kind: 'wrong' }

/** Reads the recipients of a campaign, one to a line. */
export function recipientsOf(lines: string | null): Recipients {
  const list = (lines ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  if (list.length === 0) return { kind: 'none' }
  if (list.length > recipientsMax || !list.every(isRecipient)) return { kind: 'wrong' }
  return { kind: 'ready', list }
}

function isRecipient(text: string): boolean {
  if (!recipientPattern.test(text)) return false
  try {
    new Encrypter().addRecipient(text)
    return true
  } catch {
    return false
  }
}

/** The same, of bytes that come and go piece by piece. */
export async function sealing(
  recipients: readonly string[],
  plain: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  return encrypterTo(recipients).encrypt(plain)
}

/** An age file of the bytes, which every one of the recipients can open. */
export async function sealTo(recipients: readonly string[], plain: Uint8Array): Promise<Bytes> {
  return copy(await encrypterTo(recipients).encrypt(plain))
}

function encrypterTo(recipients: readonly string[]): Encrypter {
  if (recipients.length === 0) throw new Error('seal: no recipients')
  const encrypter = new Encrypter()
  for (const one of recipients) encrypter.addRecipient(one)
  return encrypter
}
