/** Peak memory of a solve on 60 000 frames, above the caller's input, as multiples of the result; a process of its own. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const [frames, nStft, nBarks] = [60_000, 513, 128]

async function measure() {
  const { InverseBarkScale } = await import('../dist/index.js')
  const { values } = await import('./clock.mjs')
  const bark = { data: values(nBarks * frames), shape: [nBarks, frames] }
  const inverse = new InverseBarkScale({ nStft, maxIter: 40 })
  const peak = () => process.resourceUsage().maxRSS * 1024
  const before = process.memoryUsage().rss
  await inverse.solve(bark)
  const first = peak() - before
  const memory = process.memoryUsage().rss
  // the first result is garbage by now; what must not grow is the core
  await inverse.solve(bark)
  const result = 4 * nStft * frames
  console.log(JSON.stringify({ first: first / result, second: (process.memoryUsage().rss - memory) / result }))
}

export function bench() {
  const { first } = JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), 'measure']).toString())
  return [
    {
      name: 'Memory of a solve on 60 000 frames, above its input',
      value: first,
      unit: 'x result',
      target: 'below 3',
    },
  ]
}

if (process.argv[2] === 'measure') await measure()
