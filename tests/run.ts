/**
 * The suites of this folder, from the sources; suites.test.ts holds their list against the folder.
 *
 *     node --import tsx tests/run.ts [name ...]
 */
import { runSuites, tell } from './runner.ts'
import { suites } from './suites.ts'

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in suites))
if (unknown.length > 0) throw new Error(`no such suite: ${unknown.join(', ')}`)
const chosen = Object.entries(suites).filter(([name]) => wanted.length === 0 || wanted.includes(name))
const count = await runSuites(Object.fromEntries(chosen))
if (wanted.length === 0) {
  console.log(`
NOT HERE, but left to npm run test:everywhere: these suites on the built package in Node 20, 22, 24 and 26, Deno, Bun,
Chromium, Firefox and WebKitGTK (page, worker, AudioWorklet, strict policy), the GPU suites in Node, Deno
and twice in Chromium, and the packed tarball in eight bundlers.`)
}
console.log(tell(count))
if (count.failed > 0) process.exitCode = 1
