/** Peak memory of a solve on 60 000 frames, above the caller's input, as multiples of the result; a process of its own. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const [nStft, nBarks] = [513, 128]

async function measure(threads, frames, init) {
  const { InverseBarkScale } = await import('../dist/index.js')
  const { values } = await import('./clock.mjs')
  const bark = { data: values(nBarks * frames), shape: [nBarks, frames] }
  const start = init ? { data: values(nStft * frames), shape: [nStft, frames] } : undefined
  const inverse = new InverseBarkScale({ nStft, maxIter: 40, threads })
  const before = process.memoryUsage().rss
  // the longest that the event loop was kept from a turn
  let gap = 0
  let last = performance.now()
  const timer = setInterval(() => {
    gap = Math.max(gap, performance.now() - last)
    last = performance.now()
  }, 1)
  const { report } = await inverse.solve(bark, { init: start })
  clearInterval(timer)
  const peak = process.resourceUsage().maxRSS * 1024 - before
  if (report.threads !== threads) throw new Error(`${report.threads} threads, not ${threads}`)
  inverse.dispose()
  console.log(JSON.stringify({ peak: peak / (4 * nStft * frames), gap }))
}

/** Of one solve in a process of its own. */
function solve(threads, frames = 60_000) {
  const args = [fileURLToPath(import.meta.url), 'measure', threads, frames]
  return JSON.parse(execFileSync(process.execPath, args).toString())
}

export function bench() {
  const row = (threads, target) => ({
    name: `Memory of a solve on 60 000 frames, above its input, ${threads === 1 ? 'one thread' : `${threads} threads`}`,
    value: solve(threads).peak,
    unit: 'x result',
    target,
  })
  return [row(1, 'below 3'), row(2, 'below 3.5')]
}

if (process.argv[2] === 'measure') {
  const [threads, frames, init] = process.argv.slice(3).map(Number)
  await measure(threads, frames, init === 1)
}
