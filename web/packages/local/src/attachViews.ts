/** The shapes that screens are given of photos. Times are Unix milliseconds. */
import type { Id } from '@sansuiji/protocol'

import type { Failure } from './failure'
import type { PhotoSource } from './photo'
import type { Mark } from './photoMarks'
import type { Hold, PhotoProgress } from './uploadQueue'

/** A photo. */
export interface PhotoView {
  readonly id: Id
  readonly visit: Id
  /** What it is about: a table's name and a row. */
  readonly table: string
  readonly subject: Id
  /** SHA-256 in hexadecimal; asks for its bytes. */
  readonly hash: string
  /** Bytes. */
  readonly size: number
  /** Pixels; 0 where they are not known. */
  readonly width: number
  readonly height: number
  readonly source: PhotoSource | null
  readonly takenAt: number
  readonly caption: string
  readonly marks: readonly Mark[]
  readonly inspector: string | null
  readonly unit: string | null
  readonly latitudeE7: number | null
  readonly longitudeE7: number | null
  readonly accuracyM: number | null
  readonly withdrawnAt: number | null
  readonly withdrawnReason: string | null
  /** Its bytes are on this phone, whole, or as a preview. */
  readonly here: boolean
  readonly previewed: boolean
  /** Headquarters has its bytes, as it said last. */
  readonly there: boolean
  /** Changed here and not yet acknowledged by headquarters. */
  readonly unsent: boolean
}

/** A voice note. */
export interface VoiceView {
  readonly id: Id
  /** SHA-256 in hexadecimal; asks for its bytes. */
  readonly hash: string
  /** Bytes. */
  readonly size: number
  readonly mediaType: string
  readonly durationMs: number
  readonly takenAt: number
  readonly caption: string
  readonly inspector: string | null
  readonly withdrawnAt: number | null
  readonly withdrawnReason: string | null
  /** Its bytes are on this phone. */
  readonly here: boolean
  /** Headquarters has its bytes, as it said last. */
  readonly there: boolean
  /** Changed here and not yet acknowledged by headquarters. */
  readonly unsent: boolean
}

/** A photo that could not be sent. */
export interface FailedPhoto {
  readonly hash: string
  readonly unit: string | null
  readonly caption: string
  readonly failure: Failure
}

/** How the photos of this phone stand with headquarters. */
export interface PhotoStatus {
  /** Photos whose bytes only this phone has. Bytes. */
  readonly waiting: number
  readonly waitingBytes: number
  /** Whole photos that could go from the phone. Bytes. */
  readonly free: number
  readonly freeBytes: number
  readonly failed: readonly FailedPhoto[]
  readonly paused: boolean
  readonly wifiOnly: boolean
  /** Whether this browser tells what line it uses. */
  readonly lineKnown: boolean
  readonly hold: Hold | null
  readonly progress: PhotoProgress | null
}

/** What making room did. */
export interface Freed {
  readonly photos: number
  /** Bytes. */
  readonly bytes: number
}
