import { utf8 } from '@sansuiji/protocol'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'

import { recipientsOf, sealTo } from './seal'

async function keyPair() {
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity) }
}

async function open(identity: string, sealed: Uint8Array): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return decrypter.decrypt(sealed, 'text')
}

test('each of the keys opens what was sealed, and no other', async () => {
  const [one, two, other] = [await keyPair(), await keyPair(), await keyPair()]
  const sealed = await sealTo([one.recipient, two.recipient], utf8('有人說了實話'))
  expect(await open(one.identity, sealed)).toBe('有人說了實話')
  expect(await open(two.identity, sealed)).toBe('有人說了實話')
  await expect(open(other.identity, sealed)).rejects.toThrow()
  await expect(sealTo([], utf8('x'))).rejects.toThrow('no recipients')
})

test('recipients come one to a line; one wrong line makes all of them wrong', async () => {
  const { identity, recipient } = await keyPair()
  expect(recipientsOf(null).kind).toBe('none')
  expect(recipientsOf(' \n\r\n').kind).toBe('none')
  expect(recipientsOf(`${recipient}\r\n\n ${recipient} `)).toEqual({
    kind: 'ready',
    list: [recipient, recipient],
  })
  const last = recipient.endsWith('q') ? 'p' : 'q'
  for (const wrong of [
    recipient.slice(0, -1) + last,
    recipient.toUpperCase(),
    identity,
    `${recipient} 王`,
    'age1pq1xyz',
    Array(21).fill(recipient).join('\n'),
  ]) {
    expect(recipientsOf(`${recipient}\n${wrong}`).kind, wrong).toBe('wrong')
  }
})
