/** Photos as a camera makes them: shades and noise, so that they stay large. */
import type { Page } from 'playwright-core'

/** A file that a person chooses. */
export interface Shot {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** Draws one photo in the page. Each number gives another. Pixels. */
export async function shot(
  page: Page,
  number: number,
  width: number,
  height: number,
): Promise<Shot> {
  const url = await page.evaluate(drawShot, { number, width, height })
  const buffer = Buffer.from(url.split(',')[1] ?? '', 'base64')
  return { name: `IMG_${String(number)}.jpg`, mimeType: 'image/jpeg', buffer }
}

function drawShot(shape: { number: number; width: number; height: number }): string {
  const { number, width, height } = shape
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  const sky = context.createLinearGradient(0, 0, width, height)
  sky.addColorStop(0, ['#d8c79a', '#9ac0d8', '#b6d89a'][number % 3] ?? '#888888')
  sky.addColorStop(1, '#4a3b2a')
  context.fillStyle = sky
  context.fillRect(0, 0, width, height)
  let seed = number * 7919
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
  for (let i = 0; i < 60_000; i++) {
    context.fillStyle = `rgb(0 0 0 / ${String(Math.round(random() * 30))}%)`
    context.fillRect(random() * width, random() * height, 2 + random() * 14, 2)
  }
  context.fillStyle = '#f4efe2'
  context.fillRect(width * 0.2, height * 0.2, width * 0.6, height * 0.5)
  context.fillStyle = '#333333'
  context.font = `${String(height / 12)}px sans-serif`
  context.fillText(`No. ${String(number)}`, width * 0.3, height * 0.45)
  return canvas.toDataURL('image/jpeg', 0.95)
}
