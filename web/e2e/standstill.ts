/**
 * What runs in the store's worker to stop it. Each function is sent there as a text, so it
 * uses nothing from outside of itself.
 */

/** A point in a form that can be sent; see stops.ts. */
export interface SentStop {
  readonly after?: { readonly call: string } | { readonly answer: string }
  readonly before: string | Readonly<Record<string, string>>
  readonly nth?: number
}

/** Lets this worker stand still at a point, for ever, and say so on the console. */
export function stopStore({ after, before, nth = 1 }: SentStop): void {
  const files = FileSystemSyncAccessHandle.prototype
  const handles = FileSystemFileHandle.prototype
  const native = {
    read: Reflect.get<FileSystemSyncAccessHandle, 'read'>(files, 'read'),
    write: Reflect.get(files, 'write'),
    open: Reflect.get(handles, 'createSyncAccessHandle'),
    remove: Reflect.get(FileSystemDirectoryHandle.prototype, 'removeEntry'),
    post: self.postMessage.bind(self) as (message: unknown) => void,
    fetch: self.fetch.bind(self),
    hear: self.onmessage as ((event: Event) => void) | null,
  }
  const opened = new WeakSet<FileSystemSyncAccessHandle>()
  let watching = after === undefined
  let left = nth
  const isHere = (what: unknown) => watching && what === before && --left === 0
  const isNamed = (how: string, name: string) => {
    const wanted = typeof before === 'string' ? undefined : before[how]
    return watching && wanted !== undefined && RegExp(wanted).test(name) && --left === 0
  }
  const say = () => {
    // Read from the inspector, which hears a worker that is busy for ever.
    // eslint-disable-next-line no-console
    console.log('the store stands still')
  }
  const spin = (): never => {
    say()
    for (;;);
  }
  const halt = () => {
    say()
    return new Promise<never>(() => undefined)
  }
  const pathOf = (file: FileSystemSyncAccessHandle) => {
    const header = new Uint8Array(512)
    native.read.call(file, header, { at: 0 })
    return new TextDecoder().decode(header.subarray(0, header.indexOf(0)))
  }

  files.write = function (this: FileSystemSyncAccessHandle, data, options) {
    const bytes = data as Uint8Array
    const at = options?.at ?? 0
    if (opened.has(this)) {
      if (isHere('half-file')) {
        native.write.call(this, bytes.subarray(0, bytes.length >> 1), { at })
        spin()
      }
    } else if (at >= 4096 && bytes.length === 24 && pathOf(this).endsWith('-wal')) {
      // The head of a page in the log. The last page of a transaction has the database's size.
      const isLast = bytes.subarray(4, 8).some((byte) => byte !== 0)
      if (isHere('page') || (isLast && isHere('commit'))) spin()
    } else if (at >= 4096 && before === 'database' && pathOf(this).endsWith('.sqlite3')) {
      if (isHere('database')) spin()
    }
    return native.write.call(this, data, options)
  }
  handles.createSyncAccessHandle = async function (this: FileSystemFileHandle) {
    if (isNamed('file', this.name)) return halt()
    const file = await native.open.call(this)
    if (watching && before === 'half-file') opened.add(file)
    return file
  }
  FileSystemDirectoryHandle.prototype.removeEntry = async function (name, options) {
    return isNamed('removing', name) ? halt() : native.remove.call(this, name, options)
  }
  const decrypt = crypto.subtle.decrypt.bind(crypto.subtle)
  crypto.subtle.decrypt = (...args) => (isHere('decrypting') ? halt() : decrypt(...args))
  self.postMessage = (message: unknown) => {
    if (isHere('telling')) spin()
    native.post(message)
  }
  self.fetch = async (request, init) => {
    const { url } = request as Request
    if (isNamed('request', url)) return halt()
    const answer = await native.fetch(request, init)
    if (isNamed('answer', url)) return halt()
    if (after && 'answer' in after && RegExp(after.answer).test(url)) watching = true
    return answer
  }
  self.onmessage = (event: MessageEvent<{ readonly method?: string }>) => {
    if (after && 'call' in after && event.data.method === after.call) watching = true
    if (native.hear) Reflect.apply(native.hear, self, [event])
  }
}

/** Lets no end of a transaction reach the log: what SQLite says it has committed, a start undoes. */
export function forgetEnds(): void {
  const files = FileSystemSyncAccessHandle.prototype
  const write = Reflect.get(files, 'write')
  let ending = false
  files.write = function (this: FileSystemSyncAccessHandle, data, options) {
    const bytes = data as Uint8Array
    if (bytes.length === 24) ending = bytes.subarray(4, 8).some((byte) => byte !== 0)
    return ending ? bytes.length : write.call(this, data, options)
  }
}

/** Lets this worker be busy for a while before each save of a finding. */
export function waitFirst(millis: number): void {
  const hear = self.onmessage as ((event: Event) => void) | null
  self.onmessage = (event: MessageEvent<{ readonly method?: string }>) => {
    const until = performance.now() + (event.data.method === 'saveFinding' ? millis : 0)
    while (performance.now() < until);
    if (hear) Reflect.apply(hear, self, [event])
  }
}

/** Puts a database in the place of the one that the store has, which must be closed; in a page. */
export async function putDatabase(base64: string): Promise<void> {
  const root = await navigator.storage.getDirectory()
  const pool = await root.getDirectoryHandle('.sansuiji')
  const folder = await pool.getDirectoryHandle('.opaque')
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  let found = 0
  for await (const handle of folder.values()) {
    const file = handle as FileSystemFileHandle
    const path = await (await file.getFile()).slice(0, 512).text()
    const writable = await file.createWritable({ keepExistingData: true })
    if (/\.sqlite3-wal\0/.test(path)) await writable.truncate(0)
    if (/\.sqlite3\0/.test(path)) {
      // Before it comes a page of the pool's own.
      await writable.truncate(4096)
      await writable.write({ type: 'write', position: 4096, data: bytes })
      found++
    }
    await writable.close()
  }
  if (found !== 1) throw new Error(`${String(found)} databases in the pool`)
}
