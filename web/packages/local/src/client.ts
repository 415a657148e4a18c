/** The page's side of the worker: the service, over messages. */
import type { Failure } from './failure'
import type { Ahead, FromWorker, ToWorker } from './rpc'
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
  /** Settles when all of the store is there, which is after what the first screen asks. */
  readonly whole: Promise<void>
  /** Closes the database and ends the worker. Calls under way fail. */
  readonly close: () => Promise<void>
}

/** What the page is told without asking. */
export interface Listener {
  readonly event: (event: StoreEvent) => void
  /** The worker died. Nothing that was saved is lost; open the store again. */
  readonly crashed: (failure: Failure) => void
}

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A worker that does not close in this time is ended all the same. Milliseconds. */
const closeWaitMs = 3_000

/**
 * Has the worker open the database, and waits until it has. Only for who holds the lock. Fails
 * with a FailureError.
 */
export function openStore(worker: Worker, listener: Listener): Promise<StoreClient> {
  const calls = new Calls(worker)
  calls.post({ kind: 'open' })
  return new Promise((resolve, reject) => {
    const fail = (failure: Failure) => {
      calls.failAll(failure)
      listener.crashed(failure)
      reject(new FailureError(failure))
    }
    worker.onerror = ({ message }) => {
      fail({ kind: 'broken', detail: message })
    }
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      switch (data.kind) {
        case 'ready':
          calls.expect(data.ahead)
          resolve(clientOf(calls))
          return
        case 'whole':
          calls.whole()
          return
        case 'unopened':
          calls.end()
          fail(data.failure)
          return
        case 'event':
          calls.forgetAhead()
          listener.event(data.event)
          return
        case 'closed':
          calls.closed()
          return
        case 'done':
        case 'failed':
          calls.settle(data)
      }
    }
  })
}

/** What the worker was asked and has not answered. */
class Calls {
  closed: () => void = () => undefined
  whole: () => void = () => undefined
  ended = false
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  readonly #ahead = new Map<string, Promise<unknown>>()
  #count = 0

  constructor(worker: Worker) {
    this.#worker = worker
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  /** Asks, unless the worker answers by itself what is asked for the first time. */
  ask(method: keyof Service, args: readonly unknown[]): Promise<unknown> {
    const ahead = this.#ahead.get(method)
    this.#ahead.delete(method)
    if (ahead && args.length === 0) return ahead
    this.#count += 1
    const answer = this.#wait(this.#count)
    this.post({ kind: 'call', call: this.#count, method, args })
    return answer
  }

  expect(ahead: Ahead): void {
    for (const [method, call] of Object.entries(ahead)) {
      const answer = this.#wait(call)
      answer.catch(() => undefined) // it may never be asked for
      this.#ahead.set(method, answer)
    }
  }

  /** Something happened: what was answered before it is not news any more. */
  forgetAhead(): void {
    this.#ahead.clear()
  }

  settle(answer: Extract<FromWorker, { call: number }>): void {
    const waiting = this.#pending.get(answer.call)
    this.#pending.delete(answer.call)
    if (answer.kind === 'done') waiting?.resolve(answer.value)
    else waiting?.reject(new FailureError(answer.failure))
  }

  /** Ends the worker, which lets go of the database's files. */
  end(): void {
    this.#worker.terminate()
    this.ended = true
  }

  failAll(failure: Failure): void {
    for (const { reject } of this.#pending.values()) reject(new FailureError(failure))
    this.#pending.clear()
  }

  #wait(call: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending.set(call, { resolve, reject })
    })
  }
}

/** Has the worker close the database. */
async function closing(calls: Calls): Promise<void> {
  if (calls.ended) return
  await new Promise<void>((done) => {
    calls.closed = done
    setTimeout(done, closeWaitMs)
    calls.post({ kind: 'close' })
  })
}

function clientOf(calls: Calls): StoreClient {
  const service = new Proxy({} as Service, {
    get:
      (_target, method: string) =>
      (...args: readonly unknown[]) =>
        calls.ask(method as keyof Service, args),
  })
  const whole = new Promise<void>((done) => {
    calls.whole = done
  })
  const close = async () => {
    await closing(calls)
    calls.end()
    calls.failAll({ kind: 'broken', detail: 'the store was closed' })
  }
  return { service, whole, close }
}
