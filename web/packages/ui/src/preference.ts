/** Small choices of the person at this device, kept in the browser's storage. */

/** Where a choice is kept; a browser that forbids storage keeps it for the page's life. */
export interface Preferences {
  readonly get: (name: string) => string | null
  readonly set: (name: string, value: string) => void
}

/** Preferences in localStorage, under names that start with `sansuiji.`. */
export function browserPreferences(): Preferences {
  const memory = new Map<string, string>()
  return {
    get: (name) => {
      try {
        return localStorage.getItem(`sansuiji.${name}`)
      } catch {
        return memory.get(name) ?? null
      }
    },
    set: (name, value) => {
      memory.set(name, value)
      try {
        localStorage.setItem(`sansuiji.${name}`, value)
      } catch {
        // A browser that forbids storage: the choice lasts as long as the page.
      }
    },
  }
}
