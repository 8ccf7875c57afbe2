/** Pictures of the page for the README: docs/page-light.png and docs/page-dark.png. Run after `node demo/build.mjs`. */
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { decode, encode } from 'fast-png'
import { chromium } from 'playwright-core'
import { serve } from './serve.mjs'

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url))
const CHROMIUM = '/usr/bin/chromium'
const served = await serve()
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })

/** A page that is done with its sound. */
async function open(query, colorScheme, height) {
  const page = await browser.newPage({ viewport: { width: 1240, height }, colorScheme })
  await page.goto(served.address + query)
  await page.waitForFunction(() => document.querySelector('#status').textContent === 'Done')
  return page
}

/** Packed closer than the browser does, by a quarter. */
async function keep(page, name) {
  fs.writeFileSync(`${DOCS}${name}.png`, encode(decode(await page.screenshot()), { zlib: { level: 9 } }))
}

const light = await open('', 'light', 980)
const { x, y, width, height } = await light.locator('#original').boundingBox()
await light.mouse.click(x + 0.3 * width, y + 10)
await light.mouse.move(x + 0.47 * width, y + 0.7 * height)
await light.waitForFunction(() => document.querySelector('[data-read="difference"]').textContent !== '–')
await light.waitForTimeout(300)
await keep(light, 'page-light')

const dark = await open('?sound=music&solver=sgd&maxIter=5000', 'dark', 860)
await dark.click('#compare')
await dark.waitForFunction(() => document.querySelector('#status').textContent === 'Compared')
await dark.locator('.hear').evaluate((section) => scrollTo(0, section.offsetTop - 24))
await dark.waitForTimeout(300)
await keep(dark, 'page-dark')

await browser.close()
served.end()
