/** What a person gives: the file as it is, or a folder into which it was unpacked. */

/** A file or a folder. */
export type Given =
  | { readonly kind: 'zip'; readonly name: string; readonly blob: Blob }
  | { readonly kind: 'folder'; readonly name: string; readonly files: ReadonlyMap<string, Blob> }

/** What of some files is evidence: a folder that has a manifest, or a single file. */
export function givenOf(files: readonly File[]): Given | undefined {
  const top = files.find((file) => pathOf(file).split('/').at(-1) === 'manifest.json')
  if (top !== undefined) {
    const folder = pathOf(top).slice(0, -'manifest.json'.length)
    const inside = files.filter((file) => pathOf(file).startsWith(folder))
    const named = inside.map((file) => [pathOf(file).slice(folder.length), file] as const)
    return { kind: 'folder', name: folder.replace(/\/$/, ''), files: new Map(named) }
  }
  const [file] = files
  return file && files.length === 1 ? { kind: 'zip', name: file.name, blob: file } : undefined
}

function pathOf(file: File): string {
  return file.webkitRelativePath || file.name
}

/** Reads bytes that must be there. */
export async function readBytes(
  blob: Blob,
  offset: number,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (offset < 0 || size < 0 || offset > blob.size - size) {
    throw new Error(`${size} bytes at ${offset} of ${blob.size}`)
  }
  return new Uint8Array(await blob.slice(offset, offset + size).arrayBuffer())
}

/** Reads bytes as text in the one form that they have. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}
