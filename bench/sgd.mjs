/**
 * The SGD iteration: the kernel against a native program, batches against one batch, weight decay against none, and how
 * much of a solve is kernel.
 */
import fs from 'node:fs'
import { Session } from 'node:inspector/promises'
import { BarkScale, InverseBarkScale } from '../dist/index.js'
import { median, time, timeInTurn, values } from './clock.mjs'
import { nativeIteration } from './native.mjs'
import { speechBands } from './speech.mjs'

const [nStft, nBarks] = [513, 128]
const fixed = { nStft, nBarks, toleranceLoss: 0, toleranceChange: 0 }
const bark = await new BarkScale({ nStft }).forward({ data: values(nStft * 1000), shape: [nStft, 1000] })
const frames = (n) => ({
  data: Float32Array.from({ length: nBarks * n }, (_, i) => bark.data[Math.floor(i / n) * 1000 + ((i % n) % 1000)]),
  shape: [nBarks, n],
})

/** An instance of the solver's core with some frames in it, to time the kernel alone. */
function kernel(time, iterations) {
  const { exports: core } = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync('build/solve.wasm')))
  const align = (n) => Math.ceil(n / 64) * 64
  const bank = align(core.heapBase())
  const sgd = align(bank + core.filterbankBytes(nStft, nBarks))
  const losses = align(sgd + core.sgdBytes())
  const groups = align(losses + 8 * iterations)
  const count = Math.ceil(time / 8)
  core.memory.grow(200)
  core.filterbank(bank, nStft, 0, 8000, nBarks, 16000, 0, false)
  core.sgdArguments(sgd, bank, time, 0.1, 0.9, 0, 0, false, false)
  const size = core.sgdGroupBytes(sgd)
  const heap = new Float32Array(core.memory.buffer)
  const [state, target] = [values(nStft * 8), values(nBarks * 8).map((x) => 4 * x)]
  const reset = () => {
    for (let g = 0; g < count; g++) {
      const at = (groups + g * size) / 4
      heap.set(state, at)
      heap.fill(0, at + nStft * 8, at + (nStft + nBarks + 2) * 8)
      heap.set(target, at + (nStft + nBarks + 2) * 8)
    }
    core.sgdStart(sgd, groups, count, 1, losses)
  }
  const ints = new Int32Array(core.memory.buffer, bank, 4)
  const weights = new Float32Array(core.memory.buffer, ints[2], 2 * nStft)
  const runs = new Int32Array(core.memory.buffer, ints[3], nBarks + 1)
  return { bank: { weights, runs }, reset, run: () => core.sgdRun(sgd, groups, count, 2, iterations, losses) }
}

/** Median microseconds of one iteration over 400 frames, kernel alone, and of the native program, in turn. */
async function againstNative() {
  const iterations = 200
  const { bank, reset, run } = kernel(400, iterations)
  const [ours, theirs] = [[], []]
  for (let i = 0; i < 12; i++) {
    reset()
    const start = performance.now()
    run()
    if (i > 1) ours.push(((performance.now() - start) * 1000) / iterations)
    const native = nativeIteration({ nBins: nStft, nBands: nBarks, frames: 400, iterations, ...bank })
    if (native === undefined) return [median(ours), undefined]
    if (i > 1) theirs.push(native / 1000)
  }
  return [median(ours), median(theirs)]
}

/** Percentage of a run's samples that the profiler finds in WebAssembly. */
async function shareInWasm(run) {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  await run()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  const isWasm = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame.url.startsWith('wasm:')]))
  return (100 * profile.samples.filter((id) => isWasm.get(id)).length) / profile.samples.length
}

const speech = (time) => speechBands({ nFft: 1024, nBarks }, time)

/** Plain stepping over `'auto'`, in turn: 947 frames at three counts, on two threads, and the worst of a grid. */
async function stepping(rows) {
  const solver = (maxIter, stepping, threads = 1) => new InverseBarkScale({ ...fixed, maxIter, stepping, threads })
  const half = await speech(947)
  for (const [maxIter, target] of [
    [3000, 1.7],
    [20_000, 4.5],
    [100_000, 12],
  ]) {
    const [plain, auto] = [solver(maxIter, 'plain'), solver(maxIter, 'auto')]
    const [slow, fast] = await timeInTurn([() => plain.solve(half), () => auto.solve(half)], maxIter > 5e4 ? 3 : 5, 1)
    rows.push({ name: `${maxIter} iterations of 947 frames of speech, stepping 'auto'`, value: fast, unit: 'ms' })
    rows.push({ name: '  plain over it', value: slow / fast, unit: 'x', target: `above ${target}` })
  }
  const [one, two] = [solver(100_000, 'auto'), solver(100_000, 'auto', 2)]
  const [single, double] = await timeInTurn([() => one.solve(half), () => two.solve(half)], 3, 1)
  two.dispose()
  rows.push({ name: '  two threads', value: double, unit: 'ms', target: 'below 750' })
  rows.push({ name: '  one thread over two', value: single / double, unit: 'x' })
  for (const [nFft, bands, frames] of [
    [1024, 128, 24],
    [1024, 24, 24],
    [400, 128, 400],
  ]) {
    const bark = await speechBands({ nFft, nBarks: bands }, frames)
    const solvers = ['plain', 'auto'].map(
      (stepping) =>
        new InverseBarkScale({ ...fixed, nStft: nFft / 2 + 1, nBarks: bands, maxIter: 3000, stepping, threads: 1 }),
    )
    const [slow, fast] = await timeInTurn(
      solvers.map((inverse) => () => inverse.solveSync(bark)),
      9,
      1,
    )
    rows.push({
      name: `plain over 'auto', 3 000 iterations, n_fft ${nFft}, ${bands} bands, ${frames} frames`,
      value: slow / fast,
      unit: 'x',
    })
  }
  await grid(rows, solver)
}

/** Where `'auto'` loses most: frames by iterations. Where it is plain itself, both do the same: that tells the noise. */
async function grid(rows, solver) {
  const none = { ratio: Number.POSITIVE_INFINITY, at: '' }
  const worst = { fast: none, same: none }
  for (const time of [1, 40, 64, 100, 200, 500, 1000, 5000]) {
    const bark = await speech(time)
    for (const maxIter of [1, 100, 999, 1000, 3000, 4999, 5000, 20_000, 100_000]) {
      if (time * maxIter > 1e7) continue
      const solvers = [solver(maxIter, 'plain'), solver(maxIter, 'auto')]
      const { watched, jumped } = solvers[1].solveSync(bark).report.stepping
      const kind = watched + jumped > 0 ? 'fast' : 'same'
      const repeats = time * maxIter < 1e6 ? 9 : 3
      const [plain, auto] = await timeInTurn(
        solvers.map((inverse) => () => inverse.solveSync(bark)),
        repeats,
        1,
      )
      if (plain / auto < worst[kind].ratio) {
        worst[kind] = { ratio: plain / auto, at: `${time} frames, ${maxIter} iterations` }
      }
    }
  }
  rows.push({
    name: `plain over 'auto', worst of a grid (${worst.fast.at})`,
    value: worst.fast.ratio,
    unit: 'x',
    target: 'above 0.95',
  })
  rows.push({ name: `  where 'auto' is plain too (${worst.same.at})`, value: worst.same.ratio, unit: 'x' })
}

export async function bench() {
  const rows = []
  const [ours, native] = await againstNative()
  rows.push({ name: 'SGD iteration, 400 frames, 513 bins, 128 bands', value: ours, unit: 'us' })
  rows.push({ name: '  per frame', value: (ours * 1000) / 400, unit: 'ns' })
  rows.push({ name: '  native C, AVX2 + FMA', value: native, unit: 'us' })
  rows.push({ name: '  ratio to native', value: native && ours / native, unit: 'x', target: 'below 3' })

  await stepping(rows)
  const run = (sgdargs, maxIter = 400, threads = 1) =>
    new InverseBarkScale({ ...fixed, sgdargs, maxIter, threads, stepping: 'plain' })
  const batch = frames(1000)
  const many = { data: batch.data, shape: [1000, nBarks, 1] }
  const plain = run(undefined)
  const decay = run({ lr: 0.1, momentum: 0.9, weightDecay: 1e-3 })
  const [inOne, inMany, decayed] = await timeInTurn(
    [() => plain.solve(batch), () => plain.solve(many), () => decay.solve(batch)],
    7,
  )
  rows.push({ name: '400 iterations of 1 000 frames in one batch', value: inOne, unit: 'ms' })
  rows.push({ name: '  1 000 batches of one frame', value: inMany / inOne, unit: 'x', target: 'below 1.5' })
  rows.push({ name: '  with weight decay', value: decayed / inOne, unit: 'x', target: 'below 4' })

  const half = frames(947)
  const long = run(undefined, 3000)
  rows.push({ name: '3 000 iterations of 947 frames, solve', value: await time(() => long.solve(half), 7), unit: 'ms' })
  rows.push({
    name: '  of it in WebAssembly',
    value: await shareInWasm(() => long.solve(half)),
    unit: '%',
    target: 'above 90',
  })

  const one = run(undefined, 3000, 1)
  const two = run(undefined, 3000, 2)
  const [single, double] = await timeInTurn([() => one.solve(half), () => two.solve(half)], 9)
  rows.push({ name: '  one thread over two', value: single / double, unit: 'x', target: 'above 1.8' })
  const more = frames(2000)
  const [slow, fast] = await timeInTurn([() => one.solve(more), () => two.solve(more)], 5)
  rows.push({ name: '  the same for 2 000 frames', value: slow / fast, unit: 'x', target: 'above 1.8' })
  two.dispose()

  const short = new InverseBarkScale({ ...fixed, maxIter: 200 })
  rows.push({
    name: '200 iterations of 20 frames, solve',
    value: await time(() => short.solve(frames(20)), 51, 10),
    unit: 'ms',
  })

  const scale = new BarkScale({ nStft })
  const spectrogram = { data: values(nStft * 947), shape: [nStft, 947] }
  rows.push({
    name: 'BarkScale of 947 frames',
    value: await time(() => scale.forward(spectrogram), 51, 10),
    unit: 'ms',
    target: 'below 1.3',
  })
  return rows
}
