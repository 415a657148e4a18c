// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test } from 'vitest'

import { mountAt, serverOf } from '../testing'
import GatherDialog from './GatherDialog.vue'

afterEach(() => {
  document.body.replaceChildren()
})

test('several findings make a common problem with the words that were written', async () => {
  const server = serverOf(({ method }) => (method === 'GET' ? [200, []] : [200, { id: 'k1' }]))
  await mountAt(GatherDialog, { findings: ['f1', 'f2'], suggested: '帳目不清' }, server.fetch)
  const button = document.querySelector<HTMLButtonElement>('[data-testid=conclusion-save]')
  button?.form?.dispatchEvent(new Event('submit'))
  await flushPromises()
  expect(server.asked.find((one) => one.method === 'POST')?.body).toEqual({
    reach: 'common',
    title: '帳目不清',
    detail: '',
    basis: '',
    suggestion: '',
    severity: '',
    findings: ['f1', 'f2'],
  })
})
