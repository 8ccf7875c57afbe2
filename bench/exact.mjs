/**
 * The exact solvers on 30 s of speech, tensor in to tensor out, beside the SGD iteration; an hour on two threads.
 *
 *     node bench/exact.mjs        after npm run build
 */
import { pathToFileURL } from 'node:url'
import { InverseBarkScale } from '../dist/index.js'
import { timeInTurn } from './clock.mjs'
import { speechBands } from './speech.mjs'

const SOLVERS = ['maxent', 'nnls']
const REPEATS = 31
/** Settings, and what is asked of a frame in each: microseconds. */
const SETTINGS = [
  { nFft: 1024, nBarks: 128, power: 2, asked: { maxent: 12, nnls: 14 } },
  { nFft: 1024, nBarks: 128, power: 1 },
  { nFft: 1024, nBarks: 64, power: 2 },
  { nFft: 1024, nBarks: 24, power: 2, asked: { maxent: 5, nnls: 5 } },
  { nFft: 2048, nBarks: 128, power: 2, asked: { maxent: 12, nnls: 20 } },
]

const speech = (nFft, nBarks, power, frames) => speechBands({ nFft, nBarks, power }, frames)

const solverOf = (solver, { nFft, nBarks }, threads = 1, more = {}) =>
  new InverseBarkScale({ nStft: nFft / 2 + 1, nBarks, solver, threads, onWarning() {}, ...more })

async function settings() {
  const rows = []
  for (const setting of SETTINGS) {
    const { nFft, nBarks, power, asked } = setting
    const frames = Math.round((30.3 * 16000) / (nFft / 2))
    const bark = await speech(nFft, nBarks, power, frames)
    const inverses = SOLVERS.map((solver) => solverOf(solver, setting))
    const times = await timeInTurn(
      inverses.map((inverse) => () => inverse.solve(bark)),
      REPEATS,
    )
    for (const [i, solver] of SOLVERS.entries()) {
      const { report } = await inverses[i].solve(bark, { perFrame: true })
      const passes = report.frames.iterations.reduce((sum, n) => sum + n, 0) / frames
      rows.push({
        name: `${solver}, ${frames} frames of speech, n_fft ${nFft}, ${nBarks} bands, power ${power} (${passes.toFixed(1)} passes)`,
        value: (1000 * times[i]) / frames,
        unit: 'us/frame',
        target: asked && `below ${asked[solver]}`,
      })
    }
  }
  return rows
}

/** One frame, as a worklet has it. */
async function single() {
  const bark = await speech(1024, 128, 2, 100)
  const frames = Array.from({ length: 100 }, (_, t) => ({
    data: Float32Array.from({ length: 128 }, (_, k) => bark.data[k * 100 + t]),
    shape: [128, 1],
  }))
  const out = { data: new Float32Array(513), shape: [513, 1] }
  const times = await timeInTurn(
    SOLVERS.map((solver) => {
      const inverse = solverOf(solver, SETTINGS[0])
      return () => {
        for (const frame of frames) inverse.solveSync(frame, { out })
      }
    }),
    REPEATS,
  )
  return SOLVERS.map((solver, i) => ({
    name: `${solver}, solveSync of one frame, n_fft 1024, 128 bands`,
    value: (1000 * times[i]) / 100,
    unit: 'us',
  }))
}

/** 400 frames by each solver, and so many iterations of SGD in the same time. */
async function besideSgd() {
  const bark = await speech(1024, 128, 2, 400)
  const iterations = 200
  const fixed = { stepping: 'plain', toleranceLoss: 0, toleranceChange: 0, maxIter: iterations }
  const inverses = [...SOLVERS.map((solver) => solverOf(solver, SETTINGS[0])), solverOf('sgd', SETTINGS[0], 1, fixed)]
  const times = await timeInTurn(
    inverses.map((inverse) => () => inverse.solve(bark)),
    REPEATS,
  )
  return SOLVERS.map((solver, i) => ({
    name: `${solver}, 400 frames, in iterations of SGD`,
    value: times[i] / (times.at(-1) / iterations),
    unit: 'iterations',
  }))
}

async function hour() {
  const bark = await speech(1024, 128, 2, 112_500)
  const rows = []
  for (const solver of SOLVERS) {
    const [one, two] = [1, 2].map((threads) => solverOf(solver, SETTINGS[0], threads))
    const [alone, together] = await timeInTurn([() => one.solve(bark), () => two.solve(bark)], 5, 1)
    two.dispose()
    rows.push({ name: `${solver}, an hour of speech, one thread`, value: alone, unit: 'ms' })
    rows.push({ name: '  one thread over two', value: alone / together, unit: 'x', target: 'above 1.7' })
  }
  return rows
}

export async function bench() {
  return [...(await settings()), ...(await single()), ...(await besideSgd()), ...(await hour())]
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit, target } of await bench()) {
    console.log(`${name}: ${value.toFixed(2)} ${unit}${target ? ` (asked: ${target})` : ''}`)
  }
}
