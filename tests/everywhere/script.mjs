/** The check in a process of Node, Deno or Bun; the last line printed is what came of it. */
import { everything } from './check.mjs'
import { readFixture } from './fixture.mjs'

const library = new URL('../../dist/index.js', import.meta.url).href
const outcome = await everything(library, readFixture())

// never disposed of: the process has to end all the same
const { InverseBarkScale } = await import(library)
const idle = new InverseBarkScale({ nStft: 65, nBarks: 16, maxIter: 9, threads: 2 })
const { report } = await idle.solve({ data: new Float32Array(16 * 200).fill(1), shape: [16, 200] })
if (report.threads !== 2) outcome.failures.push(`${report.threads} threads, not 2`)
console.log(JSON.stringify(outcome))
