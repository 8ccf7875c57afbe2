/** Headless Chromium, by playwright. */
import { chromium as playwright } from 'playwright-core'
import { insistOn, listen, MILLISECONDS, tryPages } from './pages.mjs'

const FILE = '/usr/bin/chromium'

export async function chromium(tally) {
  if (!tally.wants('Chromium')) return
  let browser
  await tally.place('Chromium', async () => {
    insistOn(FILE, 'chromium libvulkan1')
    browser = await playwright.launch({ executablePath: FILE, args: ['--no-sandbox'] })
    return browser.version()
  })
  if (!browser) return
  await tryPages(tally, 'Chromium', (url) => visit(browser, url))
  await browser.close()
}

/** Every visit has a context of its own, so that nothing is cached. */
export async function visit(browser, url, timeout = MILLISECONDS) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const heard = listen(page)
  await page.goto(url)
  await page
    .waitForFunction(() => globalThis.outcome, null, { timeout })
    .catch((error) => {
      throw new Error([error.message.split('\n')[0], ...heard].join(' | '))
    })
  const outcome = await page.evaluate(() => globalThis.outcome)
  await context.close()
  return { outcome, heard }
}
