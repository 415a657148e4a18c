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
  /** The page holds the lock: open the database. */
  | { readonly kind: 'open' }
  /** Close the database and let go of its files. */
  | { readonly kind: 'close' }

/** From the worker to the page. */
export type FromWorker =
  /** The database is open. The calls named are answered before they are asked. */
  | { readonly kind: 'ready'; readonly ahead: Ahead }
  /** All of the store is there. */
  | { readonly kind: 'whole' }
  /** The store cannot be opened, or not all of it. */
  | { readonly kind: 'unopened'; readonly failure: Failure }
  | { readonly kind: 'done'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly call: number; readonly failure: Failure }
  | { readonly kind: 'event'; readonly event: StoreEvent }
  | { readonly kind: 'closed' }

/** Calls without arguments that every start makes, by their method. */
export type Ahead = Readonly<Partial<Record<keyof Service, number>>>
