/** What page and worker say to each other. */
import type { Failure } from './failure'
import type { Service, StoreEvent } from './service'

/** From the page to the worker. */
export type ToWorker =
  | {
      readonly kind: 'call'
      readonly call: number
      readonly method: keyof Service
      readonly args: readonly unknown[]
    }
  /** Close the database and let go of its files. */
  | { readonly kind: 'close' }

/** From the worker to the page. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unopened'; readonly failure: Failure }
  | { readonly kind: 'done'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly call: number; readonly failure: Failure }
  | { readonly kind: 'event'; readonly event: StoreEvent }
  | { readonly kind: 'closed' }
