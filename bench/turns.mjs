/** How long a solve keeps the event loop from a turn, and how long an abort takes. */
import { InverseBarkScale } from '../dist/index.js'
import { values } from './clock.mjs'

const [nStft, nBarks, frames] = [513, 128, 100_000]
const bark = { data: values(nBarks * frames), shape: [nBarks, frames] }

/** Longest milliseconds between two turns of a timer while `act` runs. */
async function longestGap(act) {
  const gaps = []
  let last = performance.now()
  const timer = setInterval(() => {
    const time = performance.now()
    gaps.push(time - last)
    last = time
  }, 1)
  await act()
  clearInterval(timer)
  gaps.push(performance.now() - last)
  return Math.max(...gaps)
}

/** Milliseconds from an abort after `wait` to the rejection. */
async function abortLatency(inverse, wait) {
  const controller = new AbortController()
  let aborted = 0
  setTimeout(() => {
    aborted = performance.now()
    controller.abort()
  }, wait)
  const outcome = await inverse.solve(bark, { signal: controller.signal }).catch((error) => error.name)
  if (outcome !== 'AbortError') throw new Error(`an abort after ${wait} ms gave ${outcome}`)
  return performance.now() - aborted
}

export async function bench() {
  const rows = []
  for (const solver of ['nnls', 'maxent'])
    for (const threads of [1, 2]) {
      const inverse = new InverseBarkScale({ nStft, solver, threads })
      const where = `${solver} on ${frames} frames, ${threads === 1 ? 'one thread' : `${threads} threads`}`
      await inverse.solve({ data: bark.data.subarray(0, nBarks * 1000), shape: [nBarks, 1000] })
      rows.push({
        name: `Longest gap of the event loop, ${where}`,
        value: await longestGap(() => inverse.solve(bark)),
        unit: 'ms',
      })
      let latency = 0
      for (const wait of [30, 90, 150, 210, 270]) latency = Math.max(latency, await abortLatency(inverse, wait))
      rows.push({ name: `Longest of five aborts, ${where}`, value: latency, unit: 'ms' })
      inverse.dispose()
    }
  return rows
}
