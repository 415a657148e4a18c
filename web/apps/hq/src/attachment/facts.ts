/** What an attachment is, as screens need it. */
import { formatPlace } from '@sansuiji/ui'

import { photoFile, smallPhotoFile } from '../api/files'
import type { Attachment } from '../api/types'

export const kinds = ['photo', 'page', 'sound', 'signature'] as const

/** Whether its bytes are still to come; those of one that was withdrawn are not waited for. */
export function isMissing({ there, withdrawn }: Attachment): boolean {
  return !there && !withdrawn
}

export function isSound({ kind }: Attachment): boolean {
  return kind === 'sound'
}

/** Whether a stamp would say anything over it; on a signature it would only lie over the ink. */
export function isStampable({ kind, there }: Attachment): boolean {
  return there && (kind === 'photo' || kind === 'page')
}

/** A picture that was not taken on the spot by the app. */
export function isFromGallery({ source }: Attachment): boolean {
  return source === 'gallery'
}

/**
 * Where a small picture is. A signature is shown whole: it is small, and thumbnails
 * have no transparency.
 */
export function smallAddress(campaign: string, { kind, hash }: Attachment): string {
  return kind === 'signature' ? photoFile(campaign, hash) : smallPhotoFile(campaign, hash)
}

/** Where it was taken; nothing without a position. */
export function placeOf({
  latitude_e7: latitude,
  longitude_e7: longitude,
}: Attachment): { readonly text: string; readonly link: string } | undefined {
  if (latitude === undefined || longitude === undefined) return undefined
  const text = formatPlace(latitude, longitude)
  // Whatever map the computer has: nobody outside is told where inspectors were.
  return { text, link: `geo:${text.replace(' ', '')}` }
}

const [kilobyte, megabyte] = [1_000, 1_000_000]

/** A number of bytes: 820 B, 54 KB, 2.1 MB. */
export function sizeText(bytes: number): string {
  if (bytes < kilobyte) return `${bytes} B`
  if (bytes < megabyte) return `${Math.round(bytes / kilobyte)} KB`
  return `${(bytes / megabyte).toFixed(1)} MB`
}

/** A length: 0:07, 12:40. */
export function lengthText(millis: number): string {
  const seconds = Math.round(millis / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
