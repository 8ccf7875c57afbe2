/** What is tried in a browser: pages of the test server, and what has to come of them. */
import fs from 'node:fs'
import { tryAgain } from '../again.mjs'
import { STRICT, startServer } from '../server.mjs'

/** Until a page has its outcome. The suites took 38 to 96 s on two cores with ten others at work. */
export const MILLISECONDS = 300_000
const WORKER = '/dist/worker.js'

const PLACES = [
  { name: 'page', where: 'main' },
  { name: 'worker', where: 'worker' },
  { name: 'AudioWorklet', where: 'worklet' },
]

/**
 * Tries all pages in a browser; `visit(url, server)` gives the outcome of a page, and what its console heard. The whole
 * suites run in each kind of page once, the page itself open, the others under the strict policy.
 */
export async function tryPages(tally, browser, visit) {
  const servers = { open: await startServer(), strict: await startServer(STRICT) }
  for (const [policy, server] of Object.entries(servers)) {
    const come = (query) => tryAgain(browser, () => inMemory(visit(server.page(query), server)), isForeign, 3)
    for (const { name, where } of PLACES) {
      const query = { in: where, ...(policy === 'strict' && where !== 'worklet' && { workerUrl: WORKER }) }
      const full = [browser, ...(policy === 'strict' ? ['strict policy'] : []), name].join(', ')
      await tally.check(full, async () => read(await come({ ...query, run: 'check' })))
      if ((policy === 'open') !== (where === 'main')) continue
      await tally.place(`${full}, suites`, async () => count(read(await come({ ...query, run: 'suites' }))))
    }
  }
  await tally.place(`${browser}, strict policy, bark-stream-worklet`, async () =>
    live(await visit(servers.strict.page({ in: 'live' }), servers.strict)),
  )
  await tally.place(`${browser}, strict policy without workerUrl`, async () =>
    refused(await visit(servers.strict.page({ in: 'refused' }), servers.strict)),
  )
  for (const server of Object.values(servers)) server.end()
}

/**
 * What a browser ends and not the page: memory that ran out (in 2 of 13 runs of the suites in WebKitGTK on a busy machine,
 * in none of 9 on a quiet one: each WebAssembly memory reserves gigabytes of addresses, and those of workers that have
 * ended come back late), and a driver of WebKitGTK that did not answer for five minutes.
 */
const isForeign = ({ message }) => /^Out of memory|fetch failed/.test(message)

/** A page's outcome and what its console heard; an error where its memory ran out. */
async function inMemory(page) {
  const { outcome, heard } = await page
  if (!outcome.includes('Out of memory')) return { outcome, heard }
  const free = /MemAvailable:\s*(.*)/.exec(fs.readFileSync('/proc/meminfo', 'utf8'))?.[1]
  throw new Error(`Out of memory, where the machine has ${free}: ${outcome.slice(0, 500)}`)
}

/** Fails where a browser is not installed, and says how it is had. */
export function insistOn(file, packages) {
  if (!fs.existsSync(file)) throw new Error(`no ${file}: apt-get install ${packages}`)
}

/** Keeps what a page of playwright or puppeteer says, but for the icon that browsers ask for by themselves. */
export function listen(page) {
  const heard = []
  const hear = (text) => {
    if (!text.includes('favicon.ico')) heard.push(text.slice(0, 300))
  }
  page.on('console', (message) => {
    const { url } = typeof message.location === 'function' ? message.location() : {}
    hear(`${message.text()} ${url ?? ''}`)
  })
  page.on('pageerror', (error) => hear(error.message))
  return heard
}

/** What came of a page; its console has to be empty, but for what is `allowed`. */
export function read({ outcome, heard }, allowed = /^$/) {
  const { heard: inside, ...read } = JSON.parse(outcome)
  const loud = [...heard, ...inside].filter((text) => !allowed.test(text))
  if (loud.length > 0) throw new Error(`the console: ${loud.join(' | ')}`)
  if (read.failures?.length > 0) throw new Error(read.failures.join('; '))
  return read
}

/** Of suites: how many tests passed, with what was skipped. */
export function count({ told, failed, said }) {
  if (failed !== 0) throw new Error(said.join('\n'))
  return [told, ...said].join(', ')
}

/** What the worklet of BarkStream has played, and said of two messages that are wrong. */
function live(page) {
  const { events, played, underruns, isSame, wanted } = read(page)
  const said = [/^frames\.length: expected a multiple of 24 /, /^message: expected frames, or a type of .* got "stop"$/]
  if (!said.every((pattern, i) => pattern.test(events[i]))) throw new Error(`errors: ${events.slice(0, 2).join('; ')}`)
  if (events.slice(2).join() !== 'state,playing,ended') throw new Error(`events: ${events.join()}`)
  if (played !== wanted || underruns > 0) throw new Error(`${played} samples of ${wanted}, ${underruns} underruns`)
  if (!isSame) throw new Error('other samples than those of BarkStream')
  return `the samples of BarkStream, ${played} of them`
}

/** What came of a page that is refused workers; its console may say so, and nothing else. */
function refused(page) {
  const { report, message, same } = read(page, /Content.Security.Policy/)
  if (report.threads !== 1 || !report.why) throw new Error(`'auto' reports ${JSON.stringify(report)}`)
  if (!/^threads: /.test(message)) throw new Error(`threads: 2 gives ${message}`)
  if (!same) throw new Error("'auto' gives other bits than solveSync")
  return `auto takes one thread ("${report.why}"), 2 threads are an error`
}
