/** Firefox ESR, headless, by WebDriver BiDi: on the page, in a worker, in an AudioWorklet, and under a strict policy. */
import puppeteer from 'puppeteer-core'
import { STRICT, startServer } from '../server.mjs'
import { insistOn, listen, MILLISECONDS, read, refused } from './pages.mjs'

const FILE = '/usr/bin/firefox-esr'
const WORKER = '/dist/worker.js'

export async function firefox(tally) {
  if (!tally.wants('Firefox')) return
  let browser
  await tally.place('Firefox', async () => {
    insistOn(FILE, 'firefox-esr')
    browser = await puppeteer.launch({ browser: 'firefox', executablePath: FILE, headless: true })
    return browser.version()
  })
  if (!browser) return
  const [open, strict] = [await startServer(), await startServer(STRICT)]
  const check = (name, server, query) =>
    tally.check(`Firefox, ${name}`, async () => {
      const { outcome, heard } = await visit(browser, server.page(query))
      return read(outcome, heard)
    })
  await check('page', open, { in: 'main' })
  await check('worker', open, { in: 'worker' })
  await check('AudioWorklet', open, { in: 'worklet' })
  await check('strict policy, page', strict, { in: 'main', workerUrl: WORKER })
  await check('strict policy, worker', strict, { in: 'worker', workerUrl: WORKER })
  await tally.place('Firefox, strict policy without workerUrl', async () => {
    const { outcome, heard } = await visit(browser, strict.page({ in: 'refused' }))
    return refused(outcome, heard)
  })
  await browser.close()
  for (const server of [open, strict]) server.end()
}

async function visit(browser, url) {
  const page = await browser.newPage()
  const heard = listen(page)
  await page.goto(url)
  await page
    .waitForFunction(() => globalThis.outcome, { timeout: MILLISECONDS })
    .catch((error) => {
      throw new Error([error.message, ...heard].join(' | '))
    })
  const outcome = await page.evaluate(() => globalThis.outcome)
  await page.close()
  return { outcome, heard }
}
