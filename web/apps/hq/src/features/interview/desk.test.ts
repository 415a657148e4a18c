// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'

import { RequestError } from '../../api/failure'
import { mountAt, serverOf } from '../../testing'
import CallForm from './CallForm.vue'
import ReadBack from './ReadBack.vue'

afterEach(() => {
  document.body.replaceChildren()
})

const { fetch } = serverOf(() => [404])

function focused(): string | undefined {
  return (document.activeElement as HTMLElement | null)?.dataset['testid']
}

test('the key that goes on leads to what is missing, and then on', async () => {
  const next = vi.fn()
  const app = await mountAt(CallForm, { code: '', caller: '', onNext: next }, fetch)
  const code = app.find<HTMLInputElement>('[data-testid=desk-code]')
  expect(focused()).toBe('desk-code')
  await code.setValue('abcdefgu')
  expect(code.element.value).toBe('ABCD-EFG')
  expect(app.find('[data-testid=desk-stranger]').text()).toContain('U')
  await code.setValue('abcd-efgh-jkmo')
  expect(code.element.value).toBe('ABCD-EFGH-JKM0')
  expect(app.find('[data-testid=desk-stranger]').exists()).toBe(false)
  await app.find('form').trigger('submit')
  expect(focused()).toBe('desk-caller')
  await app.find('[data-testid=desk-caller]').setValue('一組 王')
  await app.find('form').trigger('submit')
  expect(next).toHaveBeenCalledOnce()
})

test('with another code there is nothing to confirm; without a network one may try again', async () => {
  const props = { code: 'ABCDEFGHJKM0', caller: '王', busy: false }
  const refused = (code: string, status: number) =>
    new RequestError({ kind: 'problem', problem: { code, status, title: '', detail: 'X' } })
  const buttons = async (error: unknown) => {
    const app = await mountAt(ReadBack, { ...props, error }, fetch)
    await flushPromises()
    return app.findAll('button').map((button) => button.attributes('data-testid'))
  }
  expect(await buttons(undefined)).toEqual(['desk-confirm', 'desk-correct'])
  expect(await buttons(refused('desk-code-other', 409))).toEqual(['desk-correct'])
  expect(await buttons(new RequestError({ kind: 'offline' }))).toContain('desk-confirm')
})
