/** Looking at a picture closer. */

export interface Size {
  readonly width: number
  readonly height: number
}

export const [zoomMin, zoomMax] = [1, 8] as const

export function withinZoom(zoom: number): number {
  return Math.min(Math.max(zoom, zoomMin), zoomMax)
}

/** The size at which a picture fits into a room; one that is smaller stays as it is. */
export function fitted(picture: Size, room: Size): Size {
  if (picture.width <= 0 || picture.height <= 0) return room
  const share = Math.min(1, room.width / picture.width, room.height / picture.height)
  return { width: picture.width * share, height: picture.height * share }
}

/** Where to scroll to, so that what is at a place of the room stays there. */
export function anchored(scroll: number, at: number, times: number): number {
  return Math.max(0, (scroll + at) * times - at)
}
