import { expect, test } from 'vitest'

import { base64Of, emptyTable } from './table'

test('bytes travel whole, however many', () => {
  const bytes = Uint8Array.from({ length: 20_001 }, (_, i) => i % 256)
  expect(base64Of(bytes)).toBe(Buffer.from(bytes).toString('base64'))
  expect(base64Of(new Uint8Array())).toBe('')
})

test('the empty table has all columns, and spreadsheets see that it is UTF-8', () => {
  expect(emptyTable).toBe('\uFEFFunit,key,name,note,official\r\n')
})
