/** Whether the browser keeps what is stored when space is short. */

/** Asks the browser to keep what is stored. True when it promised. */
export async function askToPersist(): Promise<boolean> {
  try {
    return await navigator.storage.persist()
  } catch {
    return false
  }
}

/** Whether the browser promised to keep what is stored. */
export async function isPersisted(): Promise<boolean> {
  try {
    return await navigator.storage.persisted()
  } catch {
    return false
  }
}
