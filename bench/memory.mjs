/** Peak memory of a solve, above the caller's input, as multiples of the result; each in a process of its own. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { peak } from './peak.mjs'

const [nStft, nBarks] = [513, 128]
/** An hour of sound at 16 kHz with hop 512. */
const HOUR = 112_500

async function measure(solver, threads, frames, init) {
  const { InverseBarkScale } = await import('../dist/index.js')
  const { values } = await import('./clock.mjs')
  const bark = { data: values(nBarks * frames), shape: [nBarks, frames] }
  const start = init ? { data: values(nStft * frames), shape: [nStft, frames] } : undefined
  const inverse = new InverseBarkScale({ nStft, solver, maxIter: 40, threads })
  const before = process.memoryUsage().rss
  const { report } = await inverse.solve(bark, { init: start })
  const most = peak() - before
  if (report.threads !== threads) throw new Error(`${report.threads} threads, not ${threads}`)
  inverse.dispose()
  console.log(most / (4 * nStft * frames))
}

/** Of one solve in a process of its own. */
function solve(...args) {
  return Number(execFileSync(process.execPath, [fileURLToPath(import.meta.url), 'measure', ...args]).toString())
}

export function bench() {
  const row = (solver, threads, frames, target) => ({
    name: `Memory of ${solver} on ${frames} frames, above its input, ${threads === 1 ? 'one thread' : `${threads} threads`}`,
    value: solve(solver, threads, frames),
    unit: 'x result',
    target,
  })
  return [
    row('sgd', 1, 60_000, 'below 3'),
    row('sgd', 2, 60_000, 'below 3.5'),
    ...['nnls', 'maxent'].flatMap((solver) => [1, 2].map((threads) => row(solver, threads, HOUR, 'below 1.2'))),
  ]
}

if (process.argv[2] === 'measure') {
  const [solver, ...numbers] = process.argv.slice(3)
  await measure(solver, ...numbers.map(Number))
}
