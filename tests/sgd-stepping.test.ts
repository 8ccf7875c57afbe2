/** Watch list and jumps: what the iteration gives in float64, at the same count and at the same stop. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InverseBarkScale, type InverseBarkScaleOptions } from '../src/index.ts'
import { type Bank, bandsOf, readBank } from './oracle/bank.ts'
import { type Random, random } from './oracle/random.ts'
import { columns, SgdRun } from './oracle/sgd.ts'
import { workerUrl } from './place.ts'
import { runs, tensors } from './sgd-conformance.ts'

const defaults = { lr: 0.1, momentum: 0.9 }

interface Case {
  options: InverseBarkScaleOptions
  bank: Bank
  bark: { data: Float32Array; shape: number[] }
  time: number
}

/** Spectra with formants and noise, over four decades; some bands silent, and where asked some that no spectrum gives. */
function problem(options: { nStft: number; nBarks: number; sampleRate?: number }, time: number, seed: number): Case {
  const { nStft, nBarks } = options
  const bank = readBank(new InverseBarkScale(options).filterbank.data, nStft, nBarks)
  const data = new Float32Array(nBarks * time)
  const r = random(seed)
  const centres = [0.1, 0.25, 0.5].map((at) => nStft * at * (0.8 + 0.4 * r.uniform()))
  for (let t = 0; t < time; t++) {
    const spectrum = Float64Array.from({ length: nStft }, (_, f) => powerAt(r, f, centres, nStft))
    bandsOf(bank, spectrum).forEach((b, k) => {
      data[k * time + t] = b
    })
  }
  return { options: { ...options, threads: 1 }, bank, bark: { data, shape: [nBarks, time] }, time }
}

function powerAt(r: Random, f: number, centres: number[], nStft: number): number {
  const noise = -2 * Math.log(1 - r.uniform())
  return centres.reduce((sum, c) => sum + 30 * Math.exp(-(((f - c) / (0.04 * nStft)) ** 2)) * noise, 0.01 * noise)
}

/** Relative L2 over frames, and that of the worst frame, of (nBins, time) against some of its columns. */
function distances(data: Float32Array, exact: Float64Array[], picked: number[], time: number): [number, number] {
  let off = 0
  let size = 0
  let worst = 0
  for (const [i, t] of picked.entries()) {
    let offFrame = 0
    let sizeFrame = 0
    exact[i]!.forEach((x, f) => {
      offFrame += (data[f * time + t]! - x) ** 2
      sizeFrame += x * x
    })
    off += offFrame
    size += sizeFrame
    worst = Math.max(worst, Math.sqrt(offFrame / sizeFrame))
  }
  return [Math.sqrt(off / size), worst]
}

const solve = ({ options, bark }: Case, more: Partial<InverseBarkScaleOptions>) =>
  new InverseBarkScale({ toleranceLoss: 0, toleranceChange: 0, ...options, ...more }).solveSync(bark)

/** A float64 run of the frames that are picked. */
function exactRun(of: Case, picked: number[]): SgdRun {
  const { bank, bark, time } = of
  const start = solve(of, { maxIter: 0 }).spectrogram.data
  const pick = (data: Float32Array, rows: number): Float64Array[] => {
    const all = columns(data, rows, time)
    return picked.map((t) => all[t]!)
  }
  return new SgdRun({ bank, ...defaults }, pick(bark.data, bank.nBands), pick(start, bank.nBins), time)
}

for (const [nStft, nBarks, time, jumpFrom] of [
  [513, 128, 400, 4096],
  [513, 128, 45, 4096],
  [201, 64, 150, 4096],
  [129, 24, 300, 4096],
  [201, 128, 60, 4096],
  // steep: by the watch list to the end
  [513, 24, 45, Infinity],
  [257, 12, 21, Infinity],
] as const) {
  test(`${nStft} bins, ${nBarks} bands, ${time} frames: float64's result`, () => {
    const of = problem({ nStft, nBarks }, time, nStft + time)
    const picked = [0, 3, Math.floor(time / 2), time - 1]
    const run = exactRun(of, picked)
    let at = 0
    for (const maxIter of nStft < 2.5 * nBarks ? [3000, 9000] : [1000, 3000, 9000]) {
      for (; at < maxIter; at++) run.step()
      const { spectrogram, report } = solve(of, { maxIter })
      const [all, worst] = distances(spectrogram.data, run.frames, picked, time)
      assert.ok(all < 1e-6 && worst < 1e-5, `relative L2 ${all}, worst frame ${worst} after ${maxIter}`)
      const { plain: first, watched, jumped } = report.stepping!
      assert.ok(first <= 256 && first + watched === Math.min(maxIter, jumpFrom) && jumped === maxIter - first - watched)
      const plain = distances(solve(of, { maxIter, stepping: 'plain' }).spectrogram.data, run.frames, picked, time)
      assert.ok(all < plain[0] + 1e-6, `${all}, plain ${plain[0]}`)
    }
  })
}

for (const [nStft, nBarks, time, jumps] of [
  [65, 20, 40, true],
  [65, 20, 10, false],
] as const) {
  test(`${time} frames: stops where float64 stops, by ${jumps ? 'jumps' : 'the watch list'}`, () => {
    const of = problem({ nStft, nBarks }, time, 3)
    const run = exactRun(
      of,
      Array.from({ length: time }, (_, t) => t),
    )
    const losses = [Number.NaN]
    for (let i = 1; i <= 12_000; i++) losses.push(run.step())
    // before, at and behind the first jump, between checkpoints, and at one
    for (const about of [500, 2999, 4095, 4096, 4097, 4098, 4099, 5000, 6145, 6146, 8000, 11_000]) {
      const loss = losses[about]! * (1 + 1e-9)
      const byLoss = solve(of, { maxIter: 20_000, toleranceLoss: loss }).report
      assert.is(byLoss.stopReason, 'tolerance-loss')
      const expected = losses.findIndex((x) => x < loss)
      assert.ok(Math.abs(byLoss.iterations - expected) <= 1, `${byLoss.iterations}, float64 ${expected}`)
      const change = losses[about - 1]! - losses[about]!
      const byChange = solve(of, { maxIter: 20_000, toleranceChange: change * (1 + 1e-5) }).report
      assert.is(byChange.stopReason, 'tolerance-change')
      const first = losses.findIndex((x, i) => i > 1 && Math.abs(losses[i - 1]! - x) < change * (1 + 1e-5))
      assert.ok(Math.abs(byChange.iterations - first) <= 1, `${byChange.iterations}, float64 ${first} for ${change}`)
      assert.is(byChange.stepping!.jumped > 0, jumps && about > 4096)
    }
  })
}

test("the watch list stops where float64 stops, where upstream's own stop is chance", () => {
  // with fewer frames than a lane group's steps are plain
  const late = runs.filter(
    ({ reason, variants, input }) =>
      reason === 'tolerance-change' && variants.float64! > 10_000 && input.shape.at(-1)! >= 8,
  )
  assert.is(late.length, 4)
  for (const run of late) {
    const { options, seed, variants } = run
    const { report } = new InverseBarkScale({ ...options, seed, threads: 1 }).solveSync(tensors(run).bark)
    assert.ok(report.stepping!.watched > 10_000 && report.stepping!.jumped === 0)
    // 0 to 3 away; 2 to 687 where the change is that of the losses, which have float32's noise
    const away = Math.abs(report.iterations - variants.float64!)
    assert.ok(away <= 5, `${run.name}: ${report.iterations}, float64 ${variants.float64}`)
  }
})

/** All the loss in one of 37 frames, bands over twelve decades: after an event a step may lower it by more than the last. */
function swinging(seed: number): Case {
  const options = { nStft: 129, nBarks: 24, seed }
  const bank = readBank(new InverseBarkScale(options).filterbank.data, 129, 24)
  const r = random(seed)
  const data = new Float32Array(24 * 37)
  for (let k = 0; k < 24; k++) data[37 * k] = 10 ** (12 * r.uniform() - 6)
  return { options: { ...options, threads: 1 }, bank, bark: { data, shape: [24, 37] }, time: 37 }
}

/** The deepest dip of the decrease from a first jump on: where, and by what part of it a later one is above. */
function deepestDip(decrease: Float64Array): { at: number; depth: number } {
  let found = { at: 0, depth: 0 }
  let later = 0
  for (let i = decrease.length - 1; i > 4200; i--) {
    const depth = later / decrease[i]! - 1
    if (decrease[i]! > 0 && depth > found.depth) found = { at: i, depth }
    later = Math.max(later, decrease[i]!)
  }
  return found
}

test('stops where float64 stops, where the decrease dips and rises again', async () => {
  let dips = 0
  for (let seed = 1; seed <= 60; seed++) {
    const of = swinging(seed)
    const run = exactRun(of, [0])
    const losses = Float64Array.from({ length: 12_000 }, () => run.step() / of.time)
    const decrease = losses.map((x, i) => (i > 0 ? losses[i - 1]! - x : Number.NaN))
    const { at, depth } = deepestDip(decrease)
    const change = decrease[at]! * (1 + depth / 2)
    // no dip, or one below the spacing of float32 losses, where upstream has stopped before
    if (depth < 1e-3 || change < losses[at]! * 2 ** -22) continue
    dips++
    const first = decrease.findIndex((x) => Math.abs(x) < change) + 1
    const rule = { maxIter: 12_000, toleranceChange: change }
    const { spectrogram, report } = solve(of, rule)
    assert.ok(Math.abs(report.iterations - first) <= 1, `${report.iterations}, float64 ${first}, dip of ${depth}`)
    if (dips > 2) continue
    const inverse = new InverseBarkScale({ toleranceLoss: 0, ...of.options, ...rule, threads: 2, workerUrl })
    const more = await inverse.solve(of.bark)
    inverse.dispose()
    assert.equal(more.spectrogram.data, spectrogram.data)
    assert.is(more.report.iterations, report.iterations)
  }
  assert.ok(dips >= 6, `${dips} dips`)
})

test('a stop is that of a run to its count: the same bits and loss, on any number of threads', async () => {
  const of = problem({ nStft: 65, nBarks: 20 }, 150, 4)
  const { loss } = solve(of, { maxIter: 8000 }).report
  const stopped = solve(of, { maxIter: 20_000, toleranceLoss: loss! * (1 + 1e-4) })
  const { iterations } = stopped.report
  assert.ok(iterations > 5000 && iterations <= 8000, `${iterations}`)
  const direct = solve(of, { maxIter: iterations })
  assert.equal(stopped.spectrogram.data, direct.spectrogram.data)
  assert.is(stopped.report.loss, direct.report.loss)
  for (const threads of [2, 3]) {
    const options = { toleranceLoss: loss! * (1 + 1e-4), toleranceChange: 0, ...of.options, maxIter: 20_000 }
    const inverse = new InverseBarkScale({ ...options, threads, workerUrl })
    const more = await inverse.solve(of.bark)
    inverse.dispose()
    assert.is(more.report.threads, threads)
    assert.equal(more.spectrogram.data, stopped.spectrogram.data)
    assert.equal({ ...more.report, threads: 1, elapsedMs: 0 }, { ...stopped.report, elapsedMs: 0 })
  }
})

test("no frame's bits depend on its neighbours", () => {
  const of = problem({ nStft: 65, nBarks: 20 }, 75, 5)
  const start = solve(of, { maxIter: 0 }).spectrogram
  const order = Array.from({ length: 75 }, (_, i) => (i * 32) % 75)
  const moved = (data: Float32Array, rows: number): Float32Array => {
    const out = new Float32Array(data.length)
    for (let r = 0; r < rows; r++) for (let t = 0; t < 75; t++) out[r * 75 + t] = data[r * 75 + order[t]!]!
    return out
  }
  for (const maxIter of [2000, 7000]) {
    const inverse = new InverseBarkScale({ ...of.options, maxIter, toleranceLoss: 0, toleranceChange: 0 })
    const one = inverse.solveSync(of.bark, { init: start })
    const other = inverse.solveSync(
      { data: moved(of.bark.data, 20), shape: of.bark.shape },
      { init: { data: moved(start.data, 65), shape: start.shape } },
    )
    assert.equal(other.spectrogram.data, moved(one.spectrogram.data, 65), `after ${maxIter}`)
  }
})

test('plain where it has to be, or is asked for', () => {
  const of = problem({ nStft: 65, nBarks: 20 }, 40, 6)
  const plain = { plain: 4000, watched: 0, jumped: 0 }
  for (const sgdargs of [
    { ...defaults, dampening: 0.1 },
    { ...defaults, weightDecay: 1e-4 },
    { ...defaults, nesterov: true },
    { lr: 1e-9, momentum: 0.5, maximize: true },
    { lr: 1e-9, momentum: 1 },
    { lr: 0.1, momentum: 0.95 },
    { lr: 0, momentum: 0.9 },
    // near the rate at which nothing settles
    { lr: 6, momentum: 0.9 },
  ]) {
    assert.equal(solve(of, { maxIter: 4000, sgdargs }).report.stepping, plain, JSON.stringify(sgdargs))
  }
  assert.equal(solve(of, { maxIter: 4000, stepping: 'plain' }).report.stepping, plain)
  // few bins a band: the shorter the run, the more of them it takes
  for (const [nBarks, maxIter, isPlain] of [
    [128, 2999, true],
    [128, 3000, false],
    [150, 4999, true],
    [150, 5000, false],
    [202, 9000, true],
  ] as const) {
    const { stepping } = solve(problem({ nStft: 201, nBarks }, 20, 8), { maxIter }).report
    assert.is(stepping!.watched === 0, isPlain, `${nBarks} bands, ${maxIter} iterations`)
  }
  const few = problem({ nStft: 65, nBarks: 20 }, 7, 6)
  assert.equal(solve(few, { maxIter: 4000, sgdargs: { lr: 0.3, momentum: 0.9 } }).report.stepping, plain)
  const told = solve(of, { maxIter: 6000, history: true }).report
  assert.equal(told.stepping, { plain: 256, watched: 5744, jumped: 0 })
  assert.is(told.history!.length, 6000)
})

test('a loss that comes to nothing is not below it, and no reason to stop', () => {
  const frames = Array.from({ length: 12 }, (_, t) => 10 ** (t / 2))
  const bark = { data: Float32Array.from(frames), shape: [1, 12] }
  for (const sgdargs of [{ lr: 0.1, momentum: 0.5 }, defaults, { lr: 0.4, momentum: 0.94 }]) {
    const options = { nStft: 33, nBarks: 1, threads: 1, maxIter: 1600, toleranceLoss: 0, toleranceChange: 0, sgdargs }
    const { report } = new InverseBarkScale({ ...options, history: true }).solveSync(bark)
    assert.is(report.iterations, 1600)
    assert.ok(report.stepping!.watched > 1000)
    assert.ok(report.history!.every(({ loss }) => loss >= 0))
  }
})

test.run()
