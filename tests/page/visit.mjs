/** A visit to the page in Chromium, by playwright: what is done on it, and what is watched meanwhile. */
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const AXE = fs.readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

export const CHROMIUM = '/usr/bin/chromium'
/** Milliseconds until anything but the longest sounds is done. */
export const PATIENCE = 30_000
/** Milliseconds that a task of the page may take. */
const MOST = 50

export const launch = (args = []) => chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...args] })

/** In the page, before all else: tasks of 50 ms and more, and what moves without having been touched. */
function watch() {
  globalThis.tasks = []
  globalThis.shifts = []
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      globalThis.tasks.push(`${Math.round(duration)} ms at ${Math.round(startTime)}`)
  }).observe({ type: 'longtask', buffered: true })
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput)
        globalThis.shifts.push(
          `${value} of ${sources.map(({ node }) => node?.id || node?.className || node?.nodeName)}`,
        )
  }).observe({ type: 'layout-shift', buffered: true })
}

export class Visit {
  /** The visit that has not ended: a check that fails leaves one behind, and a browser traces one at a time. */
  static #open
  /** What its console said, errors included. */
  heard = []
  /** Addresses that it asked for. */
  asked = []

  /** @param before runs in the page before all else */
  static async begin(browser, address, query = '', options = {}, before = () => {}) {
    await Visit.#open?.leave()
    const visit = new Visit()
    visit.context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    visit.page = await visit.context.newPage()
    visit.page.on('console', (message) => visit.heard.push(message.text().slice(0, 300)))
    visit.page.on('pageerror', (error) => visit.heard.push(error.message))
    visit.page.on('request', (request) => visit.asked.push(request.url()))
    visit.address = address
    await visit.page.addInitScript(watch)
    await visit.page.addInitScript(before)
    await browser.startTracing(visit.page, { categories: ['toplevel'] })
    visit.browser = browser
    Visit.#open = visit
    await visit.page.goto(address + query)
    return visit
  }

  text(selector) {
    return this.page.locator(selector).textContent()
  }

  figure(name) {
    return this.text(`[data-figure="${name}"]`)
  }

  /** Waits until nothing is worked on; gives what went wrong, or ''. */
  async settled(timeout = PATIENCE) {
    const done = () => {
      const is = (selector, test) => test(document.querySelector(selector).textContent)
      return is('#trouble', Boolean) || (is('#status', (text) => /^(Done|Compared|Cancelled)$/.test(text)) && true)
    }
    await this.page.waitForFunction(done, null, { timeout }).catch(async () => {
      throw new Error(`not settled: ${await this.text('#status')}`)
    })
    return this.text('#trouble')
  }

  /** Takes away what the last work has left to read. */
  unsettle() {
    return this.page.evaluate(() => {
      for (const id of ['status', 'trouble']) document.getElementById(id).textContent = ''
      performance.clearMarks()
    })
  }

  /** Chooses a file and waits for all that comes of it. */
  async choose(file, timeout) {
    await this.unsettle()
    await this.page.setInputFiles('#file', file)
    return this.settled(timeout)
  }

  /** Changes a setting and waits. */
  async set(name, value, timeout) {
    const field = this.page.locator(`#field-${name}`)
    await this.unsettle()
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value)
    else await field.fill(String(value))
    return this.settled(timeout)
  }

  /** Asks axe-core about the page as it is. */
  async audit() {
    // past the page's policy, as an extension would be
    const session = await this.context.newCDPSession(this.page)
    await session.send('Runtime.evaluate', { expression: AXE })
    const { violations, passes } = await this.page.evaluate(() => globalThis.axe.run())
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
    expect(violations.length === 0, told.join('; '))
    return `${passes.length} rules, no violation`
  }

  /** Closes it; gives the trace. */
  async leave() {
    Visit.#open = undefined
    const trace = await this.browser.stopTracing()
    await this.context.close()
    return trace
  }

  /** Ends it; throws for a console that is not empty but for `allowed`, for long tasks, and for what moved. */
  async end({ allowed = /^$/, longTasks = false } = {}) {
    const { tasks, shifts } = await this.page.evaluate(() => ({ tasks: globalThis.tasks, shifts: globalThis.shifts }))
    const longest = longestTask(await this.leave())
    const loud = this.heard.filter((text) => !allowed.test(text))
    if (loud.length > 0) throw new Error(`the console: ${loud.join(' | ')}`)
    const others = this.asked.filter((url) => !url.startsWith(this.address) && !url.startsWith('blob:'))
    if (others.length > 0) throw new Error(`it asked for ${others.join(', ')}`)
    if (shifts.length > 0) throw new Error(`layout shifts: ${shifts.join(', ')}`)
    if (tasks.length > 0 && longest >= MOST && !longTasks) {
      throw new Error(`long tasks: ${tasks.join(', ')}; ${longest.toFixed(0)} ms of the processor in one`)
    }
  }
}

/**
 * Milliseconds of the processor that the longest task of a page's main thread took. Where other work has the machine, the
 * long-task API tells of tasks that did nothing but wait for their turn.
 */
function longestTask(trace) {
  const { traceEvents } = JSON.parse(trace)
  const thread = ({ pid, tid }) => `${pid}:${tid}`
  const mains = new Set(traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(thread))
  const tasks = traceEvents.filter(
    (event) => event.name === 'ThreadControllerImpl::RunTask' && mains.has(thread(event)),
  )
  if (tasks.length === 0) throw new Error('the trace has no task')
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000
}

export function expect(truth, message) {
  if (!truth) throw new Error(message)
}
