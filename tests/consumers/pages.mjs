/** Pages in headless Chromium, and a server that knows nothing but files. */
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'

/** What Chromium remarks by itself where a page looks for a GPU. */
const DRIVER = /No available adapters|GPU stall due to ReadPixels/

const TYPES = { '.html': 'text/html', '.js': 'text/javascript' }

/** Serves the files of a folder; gives the address and a function that ends it. */
export async function serve(root) {
  const server = http.createServer((request, response) => {
    const file = path.join(root, path.normalize(new URL(request.url, 'http://any').pathname))
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream' })
    response.end(fs.readFileSync(file))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() }
}

/** Chromium, driven by the playwright-core that is installed in `tools`. */
export async function openBrowser(tools) {
  const { chromium } = createRequire(`${tools}/package.json`)('playwright-core')
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' })
  return {
    close: () => browser.close(),

    /** Gives what the page reports, with the number of workers that were seen. Throws if it says anything else. */
    async visit(url) {
      const page = await browser.newPage()
      const said = []
      let workers = 0
      const isIcon = (address) => address.endsWith('/favicon.ico')
      page.on('worker', () => workers++)
      page.on('console', (message) => {
        // a development server says there that it is connected
        if (!isIcon(message.location().url) && message.type() !== 'debug' && !DRIVER.test(message.text()))
          said.push(message.text())
      })
      page.on('pageerror', (error) => said.push(String(error)))
      page.on('requestfailed', (request) => said.push(`${request.url()} failed`))
      page.on('response', (answer) => {
        if (answer.status() >= 400 && !isIcon(answer.url())) said.push(`${answer.url()}: ${answer.status()}`)
      })
      try {
        await page.goto(url)
        await page
          .waitForFunction(() => document.title === 'done', undefined, { timeout: 20_000 })
          .catch(() => {
            said.push('nothing was reported in 20 s')
          })
        if (said.length > 0) throw new Error(`the page said ${said.join('; ')}`)
        return { ...JSON.parse(await page.textContent('body')), workers }
      } finally {
        await page.close()
      }
    },
  }
}
