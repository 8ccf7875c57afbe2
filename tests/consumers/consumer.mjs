/** One page of one program: written, built, run, and its report held against all the others'. */
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { weigh } from './bundle.mjs'
import { serve } from './pages.mjs'
import { run, start } from './shell.mjs'

const templates = fileURLToPath(new URL('templates/', import.meta.url))

/** What the first consumer found for each page. */
export const results = {}

/** The folder `at` with a page and what it imports. */
function write(at, page, { edit = (text) => text, isClassic = false }) {
  fs.mkdirSync(at, { recursive: true })
  fs.writeFileSync(`${at}/page.js`, edit(fs.readFileSync(`${templates}${page}.js`, 'utf8')))
  fs.copyFileSync(`${templates}report.js`, `${at}/report.js`)
  const html = fs.readFileSync(`${templates}index.html`, 'utf8')
  fs.writeFileSync(`${at}/index.html`, isClassic ? html.replace('type="module"', 'defer') : html)
}

/** Chromium's report of the page in `folder/at`: of the folder itself where it is built, else of the whole project. */
async function visit(folder, at, program, browser) {
  const { url, stop } = await serve(program.build ? `${folder}/${at}` : folder)
  try {
    if (!program.serve) return await browser.visit(`${url}${program.build ? '' : `${at}/`}index.html`)
  } finally {
    stop()
  }
  const end = await start(program.serve(at, new URL(url).port), folder, url)
  try {
    return await browser.visit(url)
  } finally {
    end()
  }
}

function judge(page, { error, hashes, threads, workers, gpu }) {
  if (error) throw new Error(`${page}: ${error}`)
  // a page has WebGL2; programs would need the package webgpu, and are to say so
  const isRight =
    workers === undefined
      ? /^Error: device: expected a GPU|^webgpu, within 1e-5$/.test(gpu)
      : /^webgl2, within 1e-5$/.test(gpu)
  if (!isRight) throw new Error(`${page}: on a GPU ${gpu}`)
  if (`${threads}` !== '1,2') throw new Error(`${page}: threads ${threads}, expected 1,2`)
  if (workers !== undefined && workers < 2) throw new Error(`${page}: ${workers} workers seen, expected 2`)
  const [one, two] = hashes.slice(-2)
  if (one !== two) throw new Error(`${page}: two threads gave ${two}, one ${one}`)
  results[page] ??= `${hashes}`
  if (results[page] !== `${hashes}`) throw new Error(`${page}: ${hashes}, the first consumer had ${results[page]}`)
}

/** Gives the size of what is built, in KB gzip; 0 where nothing is. */
export async function tryPage(folder, page, program, browser) {
  const source = `${program.name}-${page}`.replace(/\W+/g, '-')
  write(`${folder}/${source}`, page, program)
  const at = program.build ? `out/${source}` : source
  let size = 0
  if (program.build) {
    await run(program.build(source, at), folder)
    size = weigh(`${folder}/${at}`, page, program.isMinified, program.isOneFile)
    if (!program.hasHtml) fs.copyFileSync(`${folder}/${source}/index.html`, `${folder}/${at}/index.html`)
  }
  const report = program.run
    ? JSON.parse(await run(`${program.run} ${at}/${program.file ?? 'page.js'}`, folder))
    : await visit(folder, at, program, browser)
  judge(page, report)
  return size
}
