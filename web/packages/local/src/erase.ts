/** Destroys what this browser keeps of the app: files, and the device's key. */

/** Zeros written in one go, bytes. */
const zerosMax = 1 << 20

/** Only in the worker that owned the database, once it is closed. */
export async function eraseBrowser(): Promise<void> {
  await empty(await navigator.storage.getDirectory())
  for (const { name } of await indexedDB.databases()) {
    if (name !== undefined) await dropDatabase(name)
  }
}

/** Files are overwritten first: their blocks would be let go as they are. */
async function empty(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === 'directory') await empty(handle)
    else await overwrite(handle).catch(() => undefined)
    await folder.removeEntry(name, { recursive: true })
  }
}

async function overwrite(file: FileSystemFileHandle): Promise<void> {
  const access = await file.createSyncAccessHandle()
  try {
    const size = access.getSize()
    const zeros = new Uint8Array(Math.min(size, zerosMax))
    for (let at = 0; at < size; at += zerosMax) {
      access.write(zeros.subarray(0, Math.min(zerosMax, size - at)), { at })
    }
    access.flush()
  } finally {
    access.close()
  }
}

function dropDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => {
      resolve()
    }
    request.onerror = () => {
      reject(request.error ?? new Error(`drop ${name}`))
    }
  })
}
