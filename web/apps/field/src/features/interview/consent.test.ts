// @vitest-environment happy-dom
import type { Service, TalksView } from '@sansuiji/local'
import { parseId } from '@sansuiji/protocol'
import { createWords } from '@sansuiji/ui'
import { flushPromises, mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { ref } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'

import { chooseInterviewee } from '../../parts/interviewee'
import { storeKey, type AppStore } from '../../store/store'
import { words } from '../../words'
import ConsentPage from './ConsentPage.vue'

vi.mock('@sansuiji/local/worker?worker', () => ({ default: null }))

const visit = parseId('0190a000-0000-7000-8000-000000000006')
const talk = parseId('0190a000-0000-7000-8000-000000000007')
const nothing: TalksView = {
  ...{ unit: '測試村', sealing: 'ready', keys: 2, questions: 6, readable: 2, held: 0 },
  ...{ open: [], list: [] },
}

async function screen(talks: TalksView) {
  const saved = { id: talk, changed: true }
  const service = {
    counts: vi.fn().mockResolvedValue({ waiting: 0 }),
    talks: vi.fn().mockResolvedValue(talks),
    beginTalk: vi.fn().mockResolvedValue(saved),
    refuseTalk: vi.fn().mockResolvedValue(saved),
    saveContact: vi.fn().mockResolvedValue(saved),
  }
  const saving = <T>(save: Promise<T>) => save
  const store = { revision: ref(0), service: () => service as unknown as Service, saving }
  const blank = { template: '<i />' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: blank }],
  })
  const i18n = createWords(words, { get: () => null, set: () => undefined })
  const app = mount(ConsentPage, {
    props: { id: visit },
    attachTo: document.body,
    global: {
      plugins: [router, i18n],
      provide: { [storeKey as symbol]: store as unknown as AppStore },
    },
  })
  await flushPromises()
  const tap = async (id: string) => {
    await app.find(`[data-testid=${id}]`).trigger('click')
    await flushPromises()
  }
  return { app, service, router, tap }
}

test('somebody drawn is begun with by key, and no address has it', async () => {
  chooseInterviewee({ visit, key: '3-12', name: '王某' })
  const { app, service, router, tap } = await screen(nothing)
  const text = app.find('[data-testid=consent-text]').text()
  expect(text).toContain('抽籤')
  expect(text).toContain('2 把密鑰')
  await tap('consent-no-sound')
  const input = { visit, key: '3-12', consent: 'no-sound', language: 'zh' }
  expect(service.beginTalk).toHaveBeenCalledWith(input)
  expect(router.currentRoute.value.fullPath).toBe(`/interview/${talk}`)
})

test('a refusal of somebody drawn is offered as their contact', async () => {
  chooseInterviewee({ visit, key: '3-12', name: '王某' })
  const { service, router, tap } = await screen(nothing)
  await tap('consent-refused')
  expect(service.refuseTalk).toHaveBeenCalledWith({ visit, key: '3-12' })
  expect(service.saveContact).not.toHaveBeenCalled()
  document.querySelector<HTMLElement>('.van-dialog__confirm')?.click()
  await vi.waitFor(() => {
    const contact = { visit, key: '3-12', result: 'refusal', note: '' }
    expect(service.saveContact).toHaveBeenCalledWith(contact)
  })
  await flushPromises()
  expect(router.currentRoute.value.fullPath).toBe(`/visit/${visit}/people`)
})

test('without a key that holds nothing can begin, and the screen says who must do what', async () => {
  chooseInterviewee({ visit, key: null, name: '' })
  const { app } = await screen({ ...nothing, sealing: 'wrong', keys: 0 })
  expect(app.find('[data-testid=interview-blocked]').text()).toContain('請總部更正')
  expect(app.find('[data-testid=consent-given]').exists()).toBe(false)
})

test('after a reload nobody is taken for somebody not drawn', async () => {
  chooseInterviewee(null)
  const { router } = await screen(nothing)
  expect(router.currentRoute.value.fullPath).toBe(`/visit/${visit}/interviews`)
})
