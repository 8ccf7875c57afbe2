/** Firefox ESR, headless, by puppeteer and WebDriver BiDi. */
import puppeteer from 'puppeteer-core'
import { insistOn, listen, MILLISECONDS, tryPages } from './pages.mjs'

const FILE = '/usr/bin/firefox-esr'

export async function firefox(tally) {
  if (!tally.wants('Firefox')) return
  let browser
  await tally.place('Firefox', async () => {
    insistOn(FILE, 'firefox-esr')
    browser = await puppeteer.launch({ browser: 'firefox', executablePath: FILE, headless: true })
    return browser.version()
  })
  if (!browser) return
  await tryPages(tally, 'Firefox', (url) => visit(browser, url))
  await browser.close()
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
