/** Headless Chromium: on the page, in a worker, in an AudioWorklet, and all of it under a strict policy. */
import { chromium as playwright } from 'playwright-core'
import { STRICT, startServer } from '../server.mjs'
import { insistOn, listen, MILLISECONDS, read, refused } from './pages.mjs'

const FILE = '/usr/bin/chromium'
const WORKER = '/dist/worker.js'

export async function chromium(tally) {
  if (!tally.wants('Chromium')) return
  let browser
  await tally.place('Chromium', async () => {
    insistOn(FILE, 'chromium libvulkan1')
    browser = await playwright.launch({ executablePath: FILE, args: ['--no-sandbox'] })
    return browser.version()
  })
  if (!browser) return
  const [open, strict] = [await startServer(), await startServer(STRICT)]
  const check = (name, server, query) =>
    tally.check(`Chromium, ${name}`, async () => {
      const { outcome, heard } = await visit(browser, server.page(query))
      return read(outcome, heard)
    })
  await check('page', open, { in: 'main' })
  await check('worker', open, { in: 'worker' })
  await check('AudioWorklet', open, { in: 'worklet' })
  await check('strict policy, page', strict, { in: 'main', workerUrl: WORKER })
  await check('strict policy, worker', strict, { in: 'worker', workerUrl: WORKER })
  await check('strict policy, AudioWorklet', strict, { in: 'worklet' })
  await tally.place('Chromium, strict policy without workerUrl', async () => {
    const { outcome, heard } = await visit(browser, strict.page({ in: 'refused' }))
    return refused(outcome, heard)
  })
  await browser.close()
  for (const server of [open, strict]) server.end()
}

/** Every visit has a context of its own, so that nothing is cached. */
async function visit(browser, url) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const heard = listen(page)
  await page.goto(url)
  await page
    .waitForFunction(() => globalThis.outcome, null, { timeout: MILLISECONDS })
    .catch((error) => {
      throw new Error([error.message.split('\n')[0], ...heard].join(' | '))
    })
  const outcome = await page.evaluate(() => globalThis.outcome)
  await context.close()
  return { outcome, heard }
}
