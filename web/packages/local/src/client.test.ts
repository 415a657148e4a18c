import { expect, test } from 'vitest'

import { openStore } from './client'
import type { FromWorker, ToWorker } from './rpc'

/** The worker's end of the line. */
function line() {
  const asked: ToWorker[] = []
  const worker = {
    onmessage: null as ((event: { readonly data: FromWorker }) => void) | null,
    onerror: null,
    postMessage: (message: ToWorker) => asked.push(message),
    terminate: () => undefined,
  }
  const say = (data: FromWorker) => worker.onmessage?.({ data })
  const crashes: unknown[] = []
  const opening = openStore(worker as unknown as Worker, {
    event: () => undefined,
    crashed: (failure) => crashes.push(failure),
  })
  say({ kind: 'ready', ahead: { visits: -3 } })
  return { asked, say, opening, crashes }
}

const calls = (asked: readonly ToWorker[]) => asked.filter(({ kind }) => kind === 'call').length

test('what the store answers ahead is taken once, and then asked for', async () => {
  const { asked, say, opening } = line()
  const { service } = await opening
  const first = service.visits()
  say({ kind: 'done', call: -3, value: ['ahead'] })
  expect(await first).toEqual(['ahead'])
  expect(calls(asked)).toBe(0)
  const second = service.visits()
  expect(calls(asked)).toBe(1)
  say({ kind: 'done', call: 1, value: ['asked'] })
  expect(await second).toEqual(['asked'])
})

test('what was answered ahead of a change is not taken any more', async () => {
  const { asked, say, opening } = line()
  const { service } = await opening
  say({ kind: 'done', call: -3, value: ['old'] })
  say({ kind: 'event', event: { kind: 'changed' } })
  void service.visits()
  expect(calls(asked)).toBe(1)
})

test('a store that cannot be opened as a whole says so, and all that was asked fails', async () => {
  const { say, opening, crashes } = line()
  const { service } = await opening
  const asked = service.status()
  say({ kind: 'unopened', failure: { kind: 'no-space' } })
  await expect(asked).rejects.toThrow('no-space')
  expect(crashes).toEqual([{ kind: 'no-space' }])
})
