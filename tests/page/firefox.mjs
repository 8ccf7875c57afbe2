/**
 * The main path in Firefox ESR, headless and left to itself (tests/everywhere/places/firefox.mjs says why): a page of its own
 * shows the page in a frame, uses it, and posts what came of it.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { serve } from '../../demo/serve.mjs'
import { insistOn } from '../everywhere/places/pages.mjs'
import { run } from '../everywhere/processes.mjs'

const FILE = '/usr/bin/firefox-esr'
const MILLISECONDS = 60_000
const PREFERENCES = {
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
}
const AT = '/some/path/'
const DRIVE = fs.readFileSync(new URL('drive.mjs', import.meta.url))
const FRAME = `<!doctype html><title>unbark</title><iframe width="1280" height="900"></iframe><script type="module" src="/drive.mjs"></script>`

export async function firefox(tally) {
  if (!tally.wants('Firefox, main path')) return
  let end = () => {}
  await tally.place('Firefox, main path', async () => {
    insistOn(FILE, 'firefox-esr')
    const version = (await run(FILE, ['--version'])).trim()
    let hear
    const outcome = new Promise((resolve) => {
      hear = resolve
    })
    const more = (request, response) => {
      if (request.url.startsWith('/drive.html')) response.writeHead(200, { 'content-type': 'text/html' }).end(FRAME)
      else if (request.url === '/drive.mjs') response.writeHead(200, { 'content-type': 'text/javascript' }).end(DRIVE)
      else if (request.url === '/outcome')
        request.toArray().then((pieces) => {
          response.end()
          hear(JSON.parse(pieces.join('')))
        })
      else return false
      return true
    }
    const served = await serve({ at: AT, more })
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'unbark-firefox-'))
    const preferences = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${value});\n`)
    fs.writeFileSync(path.join(profile, 'user.js'), preferences.join(''))
    const url = new URL(`/drive.html?${AT}`, served.address).href
    const child = spawn(FILE, ['--headless', '--no-remote', '--profile', profile, url], { stdio: 'ignore' })
    end = async () => {
      await new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve).kill() : resolve()))
      served.end()
      fs.rmSync(profile, { recursive: true, force: true })
    }
    let timer
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no outcome after ${MILLISECONDS} ms`)), MILLISECONDS)
    })
    const { failure, said, heard } = await Promise.race([outcome, late]).finally(() => clearTimeout(timer))
    if (failure) throw new Error(`${failure} ${heard.join(' | ')}`)
    if (heard.length > 0) throw new Error(`the console: ${heard.join(' | ')}`)
    return `${version}: ${said}`
  })
  await end()
}
