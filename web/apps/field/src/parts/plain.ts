/** A copy of a form's content without Vue's proxies, which messages to the store cannot carry. */
export function plain<T>(content: T): T {
  return JSON.parse(JSON.stringify(content)) as T
}
