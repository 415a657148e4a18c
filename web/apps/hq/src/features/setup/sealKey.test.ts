import { Decrypter, Encrypter } from 'age-encryption'
import { expect, test } from 'vitest'

import { keyFile, newKeyPair, recipientsOf } from './sealKey'

test('what is sealed to a pair made here opens with the file that is downloaded', async () => {
  const pair = await newKeyPair()
  const encrypter = new Encrypter()
  encrypter.addRecipient(pair.recipient)
  const sealed = await encrypter.encrypt('王堃說')
  const file = keyFile(pair, '批次', new Date(0))
  const secret = file.split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-')) ?? ''
  const decrypter = new Decrypter()
  decrypter.addIdentity(secret)
  expect(await decrypter.decrypt(sealed, 'text')).toBe('王堃說')
})

test('a private key is never taken for a recipient, and wrong lines are named', async () => {
  const { secret, recipient } = await newKeyPair()
  expect(recipientsOf(`${recipient}\n${secret}`)).toEqual({ kind: 'secret' })
  expect(recipientsOf(secret.toLowerCase())).toEqual({ kind: 'secret' })
  expect(recipientsOf(`# 甲\n${recipient}\n\nage1abc\nssh-rsa AAAA`)).toEqual({
    kind: 'wrong',
    lines: [4, 5],
  })
  expect(recipientsOf(' \n# nothing')).toEqual({ kind: 'none' })
  expect(recipientsOf(`${recipient}\n`.repeat(21))).toEqual({ kind: 'many' })
  expect(recipientsOf(` ${recipient} `)).toEqual({ kind: 'ready', list: [recipient] })
})
