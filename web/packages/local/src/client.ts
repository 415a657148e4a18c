/** The page's side of the worker: the service, over messages. */
import type { Failure } from './failure'
import type { FromWorker, ToWorker } from './rpc'
import type { Service, StoreEvent } from './service'

/** A call to the store failed. */
export class FailureError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.kind === 'broken' ? failure.detail : failure.kind)
    this.failure = failure
  }
}

/** An open store. */
export interface StoreClient {
  readonly service: Service
  /** Closes the database and ends the worker. Calls under way fail. */
  readonly close: () => Promise<void>
}

/** What the page is told without asking. */
export interface Listener {
  readonly event: (event: StoreEvent) => void
  /** The worker died. Nothing that was saved is lost; open the store again. */
  readonly crashed: (detail: string) => void
}

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A worker that does not close in this time is ended all the same. Milliseconds. */
const closeWaitMs = 3_000

/** Waits until the worker has opened the database. Fails with a FailureError. */
export function openStore(worker: Worker, listener: Listener): Promise<StoreClient> {
  const pending = new Map<number, Pending>()
  const failAll = (detail: string) => {
    for (const { reject } of pending.values()) {
      reject(new FailureError({ kind: 'broken', detail }))
    }
    pending.clear()
  }
  return new Promise((resolve, reject) => {
    let closed: () => void = () => undefined
    const client = clientOf(worker, pending, failAll, (done) => {
      closed = done
    })
    worker.onerror = (event) => {
      failAll(event.message)
      listener.crashed(event.message)
      reject(new FailureError({ kind: 'broken', detail: event.message }))
    }
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      switch (data.kind) {
        case 'ready':
          resolve(client)
          return
        case 'unopened':
          worker.terminate()
          reject(new FailureError(data.failure))
          return
        case 'event':
          listener.event(data.event)
          return
        case 'closed':
          closed()
          return
        case 'done':
        case 'failed':
          settle(pending, data)
      }
    }
  })
}

function settle(
  pending: Map<number, Pending>,
  answer: Extract<FromWorker, { call: number }>,
): void {
  const waiting = pending.get(answer.call)
  pending.delete(answer.call)
  if (answer.kind === 'done') waiting?.resolve(answer.value)
  else waiting?.reject(new FailureError(answer.failure))
}

function clientOf(
  worker: Worker,
  pending: Map<number, Pending>,
  failAll: (detail: string) => void,
  onClosed: (done: () => void) => void,
): StoreClient {
  let calls = 0
  const post = (message: ToWorker) => {
    worker.postMessage(message)
  }
  const call = (method: keyof Service, args: readonly unknown[]) =>
    new Promise((resolve, reject) => {
      calls += 1
      pending.set(calls, { resolve, reject })
      post({ kind: 'call', call: calls, method, args })
    })
  const service = new Proxy({} as Service, {
    get:
      (_target, method: string) =>
      (...args: readonly unknown[]) =>
        call(method as keyof Service, args),
  })
  const close = async () => {
    await new Promise<void>((done) => {
      onClosed(done)
      setTimeout(done, closeWaitMs)
      post({ kind: 'close' })
    })
    worker.terminate()
    failAll('the store was closed')
  }
  return { service, close }
}
