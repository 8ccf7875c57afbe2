/** What the drivers of all browsers have in common. */
import fs from 'node:fs'

export const MILLISECONDS = 30_000

/** Fails where a browser is not installed, and says how it is had. */
export function insistOn(file, packages) {
  if (!fs.existsSync(file)) throw new Error(`no ${file}: apt-get install ${packages}`)
}

/** What came of a page, once it is there; its console has to be empty. */
export function read(outcome, heard) {
  if (heard.length > 0) throw new Error(`the console: ${heard.join(' | ')}`)
  return JSON.parse(outcome)
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

/** What came of a page that is refused workers; its console may say so, and nothing else. */
export function refused(outcome, heard) {
  const { report, message, same, failures } = JSON.parse(outcome)
  if (failures) throw new Error(failures.join('; '))
  const other = heard.filter((text) => !/Content.Security.Policy/.test(text))
  if (other.length > 0) throw new Error(`the console: ${other.join(' | ')}`)
  if (report.threads !== 1 || !report.why) throw new Error(`'auto' reports ${JSON.stringify(report)}`)
  if (!/^threads: /.test(message)) throw new Error(`threads: 2 gives ${message}`)
  if (!same) throw new Error("'auto' gives other bits than solveSync")
  return `auto takes one thread ("${report.why}"), 2 threads are an error`
}
