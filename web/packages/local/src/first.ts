/**
 * What the first screen asks of the store. It is answered as soon as the database is open,
 * before the rest of the store is there: so this imports nothing that is not needed for it.
 */
import type { Database } from './database'
import type { Service } from './service'
import { identityOf, isWipeOrdered } from './state'
import { visits } from './visitList'

/** The part of the service that is there first. */
export type FirstService = Pick<Service, 'identity' | 'isLeaving' | 'visits'>

/** Puts that part together. */
export function firstService(database: Database): FirstService {
  const read = <T>(query: () => T) => Promise.resolve().then(query)
  return {
    identity: () => read(() => identityOf(database) ?? null),
    isLeaving: () => read(() => isWipeOrdered(database)),
    visits: () => read(() => visits(database)),
  }
}
