/** Decodes and encodes pictures by the browser. Only in a worker. */
import type { Bytes } from '@sansuiji/protocol'

import type { Picture } from './photo'

const quality = 0.85

/** Decodes a picture as it is to be seen, whatever way the camera was held. */
export async function browserDecode(file: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  return {
    width: bitmap.width,
    height: bitmap.height,
    jpeg: (width, height) => jpegOf(bitmap, width, height),
    close: () => {
      bitmap.close()
    },
  }
}

async function jpegOf(bitmap: ImageBitmap, width: number, height: number): Promise<Bytes> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) throw new Error('encode picture: no canvas')
  // What is transparent would come out black.
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
  if (blob.type !== 'image/jpeg') throw new Error(`encode picture: ${blob.type}`)
  return new Uint8Array(await blob.arrayBuffer())
}
