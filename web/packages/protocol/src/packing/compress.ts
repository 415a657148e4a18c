/** DEFLATE (RFC 1951), as the browser has it. */
import type { Bytes } from '../bytes'

/** Compresses bytes. */
export async function deflate(bytes: Bytes): Promise<Bytes> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** Gives back bytes that were compressed, which must be of the given size. */
export async function inflate(packed: Bytes, size: number): Promise<Bytes> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  const bytes = new Uint8Array(size)
  let at = 0
  const reader = stream.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (at + part.value.length > size) {
      await reader.cancel()
      throw new Error('read run: malformed: a section is larger than it says')
    }
    bytes.set(part.value, at)
    at += part.value.length
  }
  if (at !== size) throw new Error('read run: malformed: a section is smaller than it says')
  return bytes
}
