/**
 * WebKitGTK: MiniBrowser on a screen of Xvfb, by the WebDriver protocol, which has no way to read the console. Every page
 * has a browser of its own: once, on a machine like the others, a process that had run the suites had no memory left for
 * a typed array, on that page and on those after it.
 */
import fs from 'node:fs'
import net from 'node:net'
import { serve } from '../processes.mjs'
import { insistOn, MILLISECONDS, tryPages } from './pages.mjs'

const DRIVER = '/usr/bin/WebKitWebDriver'
const PACKAGES = 'webkit2gtk-driver xvfb'

/** Where the driver listens. */
let port

export async function webkit(tally) {
  if (!tally.wants('WebKitGTK')) return
  const begun = []
  let isReady = false
  await tally.place('WebKitGTK', async () => {
    insistOn(DRIVER, PACKAGES)
    insistOn('/usr/bin/Xvfb', PACKAGES)
    const screen = serve('Xvfb', ['-displayfd', '1', '-nolisten', 'tcp'], { ready: (out) => /^(\d+)\n/.exec(out)?.[1] })
    begun.push(screen)
    const env = { DISPLAY: `:${await screen.started}`, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }
    port = await freePort()
    const driver = serve(DRIVER, [`--port=${port}`], { env, ready: () => false })
    begun.push(driver)
    await Promise.race([answering(), driver.started])
    const session = await begin()
    isReady = true
    await session.end()
    return session.version
  })
  if (isReady) await tryPages(tally, 'WebKitGTK', visit)
  for (const process of begun.reverse()) await process.end()
}

/** Where Debian has MiniBrowser: in a folder that is named after the machine, in one named after the library's version. */
function miniBrowser() {
  for (const machine of fs.readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu')))
    for (const version of fs.readdirSync(`/usr/lib/${machine}`).filter((name) => name.startsWith('webkit2gtk-'))) {
      const file = `/usr/lib/${machine}/${version}/MiniBrowser`
      if (fs.existsSync(file)) return file
    }
  throw new Error(`no MiniBrowser: apt-get install ${PACKAGES}`)
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

async function ask(method, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) })
  const { value } = await response.json()
  if (value?.error) throw new Error(`${value.error}: ${value.message}`)
  return value
}

async function answering() {
  for (let i = 0; i < 100; i++) {
    const status = await ask('GET', '/status').catch(() => undefined)
    if (status) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the driver does not answer')
}

/** A browser. */
async function begin() {
  const options = { binary: miniBrowser(), args: ['--automation'] }
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } }
  const made = await ask('POST', '/session', { capabilities })
  const path = `/session/${made.sessionId}`
  return { path, version: made.capabilities.browserVersion, end: () => ask('DELETE', path) }
}

async function visit(url) {
  const session = await begin()
  try {
    await ask('POST', `${session.path}/url`, { url })
    const outcome = await outcomeOf(session)
    return { outcome, heard: [] }
  } finally {
    await session.end()
  }
}

async function outcomeOf(session) {
  const script = 'return globalThis.outcome'
  const end = performance.now() + MILLISECONDS
  while (performance.now() < end) {
    const outcome = await ask('POST', `${session.path}/execute/sync`, { script, args: [] })
    if (outcome) return outcome
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('no outcome')
}
