/**
 * Firefox ESR, headless and left to itself: a page asks this process for the next address, shows it in a frame, and what
 * comes of it is posted to the test server. Under WebDriver BiDi, puppeteer's or a bare session without subscriptions,
 * Firefox 153 never returns from `new Worker` in a worker, after 1 to 65 of them (10 of 11 tries, with workers that only
 * echo a message); without a session 80 pairs in a row start every time.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { run } from '../processes.mjs'
import { insistOn, MILLISECONDS, tryPages } from './pages.mjs'

const FILE = '/usr/bin/firefox-esr'
const PREFERENCES = {
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
}
/** Shows one address after the other. */
const FRAME = `<!doctype html><title>unbark</title><iframe></iframe><script type="module">
for (;;) document.querySelector('iframe').src = await (await fetch('/next')).text()
</script>`

export async function firefox(tally) {
  if (!tally.wants('Firefox')) return
  let browser
  await tally.place('Firefox', async () => {
    insistOn(FILE, 'firefox-esr')
    browser = await startFirefox()
    return (await run(FILE, ['--version'])).trim()
  })
  if (!browser) return
  await tryPages(tally, 'Firefox', (url, server) => visit(browser, url, server))
  await browser.end()
}

async function visit(browser, url, server) {
  const outcome = server.outcome(MILLISECONDS)
  browser.show(`${url}&post`)
  return { outcome: await outcome, heard: [] }
}

async function startFirefox() {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'unbark-firefox-'))
  const preferences = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${value});\n`)
  fs.writeFileSync(path.join(profile, 'user.js'), preferences.join(''))
  const questions = []
  const addresses = []
  const match = () => {
    if (questions.length > 0 && addresses.length > 0) questions.shift().end(addresses.shift())
  }
  const server = http.createServer((request, response) => {
    if (request.url !== '/next') return response.writeHead(200, { 'content-type': 'text/html' }).end(FRAME)
    questions.push(response)
    match()
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${server.address().port}/`
  const child = spawn(FILE, ['--headless', '--no-remote', '--profile', profile, address], { stdio: 'ignore' })
  const show = (url) => {
    addresses.push(url)
    match()
  }
  const end = async () => {
    await new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve).kill() : resolve()))
    server.closeAllConnections()
    server.close()
    fs.rmSync(profile, { recursive: true, force: true })
  }
  return { show, end }
}
