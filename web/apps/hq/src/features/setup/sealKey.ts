/** Keys that interviews are sealed to. A private key never leaves this file's caller. */
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'

export interface KeyPair {
  readonly secret: string
  readonly recipient: string
}

export async function newKeyPair(): Promise<KeyPair> {
  const secret = await generateX25519Identity()
  return { secret, recipient: await identityToRecipient(secret) }
}

/** The file that the holder keeps, as age-keygen writes it. */
export function keyFile({ secret, recipient }: KeyPair, campaign: string, at: Date): string {
  return [
    `# ${campaign}`,
    `# created: ${at.toISOString()}`,
    `# public key: ${recipient}`,
    secret,
    '',
  ].join('\n')
}

const recipientsMax = 20

/** What a person filled in: recipients, or why it cannot be sent. */
export type Recipients =
  | { readonly kind: 'ready'; readonly list: readonly string[] }
  | { readonly kind: 'none' | 'many' | 'secret' }
  | { readonly kind: 'wrong'; readonly lines: readonly number[] }

/** Reads recipients, one to a line. A private key among them is looked for first. */
export function recipientsOf(text: string): Recipients {
  if (/AGE-SECRET-KEY/i.test(text)) return { kind: 'secret' }
  const lines = text.split('\n').map((line, at) => ({ text: line.trim(), number: at + 1 }))
  const said = lines.filter((line) => line.text !== '' && !line.text.startsWith('#'))
  const wrong = said.filter((line) => !isRecipient(line.text)).map((line) => line.number)
  if (wrong.length > 0) return { kind: 'wrong', lines: wrong }
  if (said.length === 0) return { kind: 'none' }
  if (said.length > recipientsMax) return { kind: 'many' }
  return { kind: 'ready', list: said.map((line) => line.text) }
}

function isRecipient(text: string): boolean {
  try {
    new Encrypter().addRecipient(text)
    return true
  } catch {
    return false
  }
}
