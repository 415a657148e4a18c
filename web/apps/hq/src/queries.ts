/** How answers of the server are kept and asked for again. */
import { QueryClient } from '@tanstack/vue-query'

import { worthRetrying } from './api/failure'

const retriesMax = 2

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < retriesMax && worthRetrying(error),
        retryDelay: (count) => 1_000 * 2 ** count,
        // A browser's own idea of being online is often wrong; the request tells.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
