/** Tells a full phone from a broken one: SQLite says the same of both. */
import { failureOf, type Failure } from './failure'

/** What SQLite answers for a full database, and for a file that cannot be written. */
const full = 13
const unwritten = 10

/** Sorts whatever was thrown; where a file could not be written, by whether there is room. */
export async function failureByRoom(
  error: unknown,
  hasRoom: () => Promise<boolean>,
): Promise<Failure> {
  const failure = failureOf(error)
  if (failure.kind !== 'broken') return failure
  const code = codeOf(error)
  if (code === full || isQuota(error)) return { kind: 'no-space' }
  return code === unwritten && !(await hasRoom()) ? { kind: 'no-space' } : failure
}

/** The primary result code of SQLite; undefined where something else failed. */
function codeOf(error: unknown): number | undefined {
  const code: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'resultCode') : undefined
  return typeof code === 'number' ? code & 0xff : undefined
}

function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}

/** What a save needs at most, beside photos. Bytes. */
const roomMin = 1 << 20

const probeName = 'probe'

/** Whether so much can be written: browsers' own estimates are no promise. Only in a worker. */
export async function browserHasRoom(): Promise<boolean> {
  const root = await navigator.storage.getDirectory()
  try {
    const handle = await root.getFileHandle(probeName, { create: true })
    const access = await handle.createSyncAccessHandle()
    try {
      return access.write(new Uint8Array(roomMin), { at: 0 }) === roomMin
    } finally {
      access.close()
    }
  } catch (error) {
    return !isQuota(error)
  } finally {
    await root.removeEntry(probeName).catch(() => undefined)
  }
}
