// Draws the PNG icons from public/icon.svg with a headless Chromium, named in CHROMIUM.
// Run it after the drawing changed: CHROMIUM=… node apps/field/tools/icons.mjs
import { readFileSync } from 'node:fs'

import { chromium } from 'playwright-core'

const folder = new URL('../public/', import.meta.url)
const svg = readFileSync(new URL('icon.svg', folder), 'utf8')
// A maskable icon is cut to any shape: it has no corners of its own and a wider margin.
const maskable = svg
  .replace(/rx="\d+"/, '')
  .replace('viewBox="0 0 512 512"', 'viewBox="-51 -51 614 614" style="background:#8f1d21"')

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu'],
})
const page = await browser.newPage()
for (const [name, size, drawing] of [
  ['icon-192.png', 192, svg],
  ['icon-512.png', 512, svg],
  ['icon-maskable-512.png', 512, maskable],
]) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>${drawing}`,
  )
  await page.screenshot({ path: new URL(name, folder).pathname, omitBackground: true })
}
await browser.close()
