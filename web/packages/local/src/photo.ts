/**
 * Makes of a picture what is kept of it: a JPEG of at most 2048 pixels on its longer
 * side, named by its SHA-256, and a preview. The original stays where it was; its hash
 * says later whether it is the same.
 */
import { copy, toHex, type Bytes } from '@sansuiji/protocol'

import type { PhotoFiles } from './photoFiles'
import type { Place } from './record'

/** The longer side of what is kept, and of its preview. Pixels. */
export const photoSide = 2048
export const previewSide = 320

/** Originals above this are refused: decoding them would end the app. Bytes. */
const originalMax = 100 << 20

/** How the person got the picture. */
export type PhotoSource = 'camera' | 'gallery'

/** Why a picture is not kept. */
export type PhotoFault =
  /** The browser cannot decode it. */
  | 'unreadable'
  | 'too-large'
  /** The phone's space is used up. */
  | 'no-space'
  /** What was kept is not what its name says: the phone's storage is damaged. */
  | 'damaged'

/** A picture is not kept, or not sent, and why. */
export class PhotoError extends Error {
  readonly code: PhotoFault

  constructor(code: PhotoFault, detail = '') {
    super(`${code} ${detail}`.trim())
    this.code = code
  }
}

/** A picture whose bytes are kept; a form holds it until its row is saved. Plain data. */
export interface KeptPhoto {
  /** SHA-256 of the bytes that are kept, 64 hexadecimal digits. */
  readonly hash: string
  /** Bytes. */
  readonly size: number
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly mediaType: string
  readonly originalHash: string
  readonly originalSize: number
  readonly source: PhotoSource
  /** Unix milliseconds. */
  readonly takenAt: number
}

/** A kept picture with what the person says of it. */
export interface PhotoInput extends KeptPhoto {
  readonly caption: string
  readonly place: Place | null
}

/** A decoded picture, upright. */
export interface Picture {
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** A JPEG of this size. */
  readonly jpeg: (width: number, height: number) => Promise<Bytes>
  readonly close: () => void
}

/** Decodes a picture. It throws for what is none. */
export type Decode = (file: Blob) => Promise<Picture>

/** What keeping a picture needs. */
export interface PhotoTools {
  readonly files: PhotoFiles
  readonly decode: Decode
}

/** The name of a preview's file; that of the whole picture is the hash alone. */
export function previewName(hash: string): string {
  return `${hash}.small`
}

/** A size that fits into a square and is never larger than it was. Pixels. */
export function fitted(
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, side / Math.max(width, height))
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
}

/** Keeps a picture. When it returns, its bytes and its preview are durable; no row names them yet. */
export async function keepPhoto(
  { files, decode }: PhotoTools,
  file: Blob,
  { source, takenAt }: Pick<KeptPhoto, 'source' | 'takenAt'>,
): Promise<KeptPhoto> {
  if (file.size > originalMax) throw new PhotoError('too-large')
  const originalHash = await hashOf(await bytesOf(file))
  const picture = await decoded(decode, file)
  try {
    const size = fitted(picture, photoSide)
    const bytes = await picture.jpeg(size.width, size.height)
    const small = fitted(picture, previewSide)
    const preview = await picture.jpeg(small.width, small.height)
    const hash = await hashOf(bytes)
    await files.write(previewName(hash), preview)
    await files.write(hash, bytes)
    return {
      ...{ hash, size: bytes.length, ...size, mediaType: 'image/jpeg' },
      ...{ originalHash, originalSize: file.size, source, takenAt },
    }
  } finally {
    picture.close()
  }
}

async function decoded(decode: Decode, file: Blob): Promise<Picture> {
  try {
    return await decode(file)
  } catch (error) {
    throw new PhotoError('unreadable', String(error))
  }
}

/** A file that is gone, say because its cloud cannot be reached, is one that cannot be read. */
async function bytesOf(file: Blob): Promise<Bytes> {
  try {
    return new Uint8Array(await file.arrayBuffer())
  } catch (error) {
    throw new PhotoError('unreadable', String(error))
  }
}

/** SHA-256 in hexadecimal. */
export async function hashOf(bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', copy(bytes))))
}
