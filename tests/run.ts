/** The suites that are named, in this process; without a name all, in processes side by side. run.mjs starts it. */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runApart } from './apart.ts'
import { type Count, runSuites, tell } from './runner.ts'
import { alone, elsewhere, quick, sound, suites } from './suites.ts'

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in suites))
if (unknown.length > 0) throw new Error(`no such suite: ${unknown.join(', ')}`)

const count = wanted.length > 0 ? await runHere() : await runAll()
if (count.failed > 0) process.exitCode = 1
// runAll has started this, and tells one count in the end: a run that is cut short must not close with a part's
if (process.send) process.send(count)
else console.log(tell(count))

function runHere(): Promise<Count> {
  return runSuites(Object.fromEntries(Object.entries(suites).filter(([name]) => wanted.includes(name))))
}

async function runAll(): Promise<Count> {
  const program = fileURLToPath(new URL('run.mjs', import.meta.url))
  const way = { command: (job: string[]) => [program, ...job], limit: 600_000 }
  const placed = [...quick, ...sound, ...alone, ...elsewhere]
  const others = Object.keys(suites).filter((name) => !placed.includes(name))
  const beside = await runApart([sound, ...others.map((name) => [name]), quick], {
    ...way,
    lanes: availableParallelism(),
  })
  const after = await runApart([alone], { ...way, lanes: 1 })
  console.log(`
NOT HERE, but left to npm run test:everywhere: these suites on the built package in Node 20, 22, 24 and 26, Deno, Bun,
Chromium, Firefox and WebKitGTK (page, worker, AudioWorklet, strict policy), the GPU suites in Node, Deno
and twice in Chromium, and the packed tarball in eight bundlers.`)
  return {
    passed: beside.passed + after.passed,
    failed: beside.failed + after.failed,
    skipped: beside.skipped + after.skipped,
  }
}
