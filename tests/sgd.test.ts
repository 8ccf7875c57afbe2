/** SGD on the CPU: upstream's runs, and what must not change a bit of the result. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Advance, Problem, Session, State } from '../src/backend.ts'
import { WasmBackend } from '../src/backends/wasm/backend.ts'
import { InverseBarkScale, type InverseBarkScaleOptions } from '../src/index.ts'
import { runs, testConformance } from './sgd-conformance.ts'
import { spec } from './small-problem.ts'

testConformance(test, { device: 'cpu', threads: 1 })
testConformance(test, { device: 'cpu', threads: 1, stepping: 'plain' })

/** A pseudo-random spectrogram or bank, the same at every call: no two lanes hold the same values. */
function values(length: number, seed = 1): Float32Array {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  })
}

/** (batch, rows, time) of frames in another order, frame i of the result being frame order[i]. */
function reorder(data: Float32Array, rows: number, time: number, order: number[], newTime: number): Float32Array {
  const out = new Float32Array(data.length)
  const at = (n: number, r: number, time: number): number => Math.floor(n / time) * rows * time + r * time + (n % time)
  for (const [to, from] of order.entries()) {
    for (let r = 0; r < rows; r++) out[at(to, r, newTime)] = data[at(from, r, time)]!
  }
  return out
}

const [nStft, nBarks] = [67, 21]
const small = { nStft, nBarks, sampleRate: 8000, maxIter: 60, toleranceLoss: 0, toleranceChange: 0 }

const ways: [string, InverseBarkScaleOptions['sgdargs']][] = [
  ['momentum', undefined],
  ['nesterov', { lr: 0.05, momentum: 0.8, nesterov: true }],
  ['weight decay', { lr: 0.05, momentum: 0.8, weightDecay: 0.1, dampening: 0.2 }],
]

for (const [way, sgdargs] of ways) {
  const options = { ...small, sgdargs }

  test(`${way}: no frame's bits depend on its lane, its neighbours or its batch item`, () => {
    const inverse = new InverseBarkScale(options)
    const [batch, time] = [5, 31]
    const frames = batch * time
    const bark = values(frames * nBarks)
    const init = values(frames * nStft, 7)
    const solve = (bark: Float32Array, init: Float32Array, batch: number, time: number): Float32Array =>
      inverse.solveSync(
        { data: bark, shape: [batch, nBarks, time] },
        { init: { data: init, shape: [batch, nStft, time] } },
      ).spectrogram.data
    const plain = solve(bark, init, batch, time)
    for (const [newBatch, newTime] of [
      [5, 31],
      [1, frames],
      [frames, 1],
      [31, 5],
    ] as const) {
      // 64 has no factor in common with 155: every frame gets another place
      const order = Array.from({ length: frames }, (_, i) => (i * 64) % frames)
      const moved = solve(
        reorder(bark, nBarks, time, order, newTime),
        reorder(init, nStft, time, order, newTime),
        newBatch,
        newTime,
      )
      assert.equal(moved, reorder(plain, nStft, time, order, newTime), `${newBatch} x ${newTime}`)
    }
  })

  test(`${way}: a stop found by running ahead gives the bits of a run of that length`, () => {
    const bark = { data: values(2 * nBarks * 70), shape: [2, nBarks, 70] }
    const history = new InverseBarkScale({ ...options, maxIter: 400, history: true }).solveSync(bark).report.history!
    for (const about of [1, 2, 15, 16, 17, 33, 300]) {
      const toleranceLoss = history[about - 1]!.loss * (1 + 1e-6)
      const iterations = 1 + history.findIndex(({ loss }) => loss < toleranceLoss)
      const { spectrogram, report } = new InverseBarkScale({ ...options, maxIter: 400, toleranceLoss }).solveSync(bark)
      assert.is(report.stopReason, 'tolerance-loss')
      assert.is(report.iterations, iterations)
      assert.is(report.loss, history[iterations - 1]!.loss)
      const direct = new InverseBarkScale({ ...options, maxIter: iterations }).solveSync(bark)
      assert.equal(spectrogram.data, direct.spectrogram.data, `after ${iterations}`)
    }
  })

  test(`${way}: a state that is read and restored goes on with the same bits`, () => {
    const [batch, time] = [3, 29]
    const sgd = { lr: 0.1, momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: false, maximize: false, ...sgdargs }
    const problem: Problem = {
      bark: values(batch * nBarks * time),
      batch,
      time,
      sgd,
      seed: 3,
      spectrogram: new Float32Array(batch * nStft * time),
    }
    const backend = new WasmBackend(spec, { threads: 1, workerUrl: undefined })
    const momentumRows = sgd.weightDecay > 0 ? nStft : nBarks
    const run = (to: number, from?: State): State => {
      const session = backend.open(problem, { maxIter: 1, isSync: true }) as Session
      if (from) session.restore(from)
      for (let at = from?.iteration ?? 0; at < to; ) {
        const advance = session.advance(to)
        assert.not(advance instanceof Promise)
        // on a busy machine it comes back in the middle of its work
        if ((advance as Advance).count > 0) at = (advance as Advance).at
      }
      const state: State = {
        iteration: 0,
        spectrogram: new Float32Array(batch * nStft * time),
        momentum: new Float32Array(batch * momentumRows * time),
      }
      while (!session.state(state));
      session.close()
      assert.is(state.iteration, to)
      return state
    }
    const whole = run(50)
    const parted = run(50, run(49, run(20, run(1, run(0)))))
    assert.equal(parted.spectrogram, whole.spectrogram)
    assert.equal(parted.momentum, whole.momentum)
  })
}

test('momentum that decays on its own does not end among the subnormal numbers', () => {
  const time = 8
  const sgd = { lr: 0.1, momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: false, maximize: false }
  const into: State = {
    iteration: 0,
    spectrogram: new Float32Array(nStft * time),
    momentum: new Float32Array(nBarks * time),
  }
  // silence and a start of silence: the gradient is 0 throughout
  const problem = { bark: new Float32Array(nBarks * time), batch: 1, time, sgd, seed: 0, spectrogram: into.spectrogram }
  const session = new WasmBackend(spec, { threads: 1, workerUrl: undefined }).open(problem, {
    maxIter: 1,
    isSync: true,
  }) as Session
  session.restore({ iteration: 0, spectrogram: new Float32Array(nStft * time), momentum: values(nBarks * time) })
  while ((session.advance(3000) as Advance).at < 3000);
  while (!session.state(into));
  assert.ok(into.spectrogram.every((x) => x === 0))
  assert.ok(into.momentum!.every((x) => Math.abs(x) >= 2 ** -126 && Math.abs(x) < 1e-28))
})

test("seeds: the same one gives the same bits, the constructor's is the default, a call's wins, 2^32 wraps", () => {
  const bark = { data: values(nBarks * 9), shape: [nBarks, 9] }
  const seeded = (seed: number | undefined, call?: number) =>
    new InverseBarkScale({ ...small, seed }).solveSync(bark, { seed: call }).spectrogram.data
  assert.equal(seeded(undefined), seeded(0))
  assert.equal(seeded(5), seeded(0, 5))
  assert.equal(seeded(5), seeded(2 ** 32 + 5))
  assert.not.equal(seeded(5), seeded(6))
})

test('a weight decay that is 0 in float32 is none', () => {
  const run = (weightDecay: number): Float32Array[] => {
    const sgd = { lr: 0.1, momentum: 0.9, dampening: 0, weightDecay, nesterov: false, maximize: false }
    const into = { iteration: 0, spectrogram: new Float32Array(nStft * 9), momentum: new Float32Array(nBarks * 9) }
    const problem = { bark: values(nBarks * 9), batch: 1, time: 9, sgd, seed: 0, spectrogram: into.spectrogram }
    const session = new WasmBackend(spec, { threads: 1, workerUrl: undefined }).open(problem, {
      maxIter: 1,
      isSync: true,
    }) as Session
    while ((session.advance(20) as Advance).at < 20);
    while (!session.state(into));
    return [into.spectrogram, into.momentum]
  }
  assert.equal(run(1e-50), run(0))
})

test('a second solve of the same size takes no more memory', () => {
  const { grow } = WebAssembly.Memory.prototype
  let pages = 0
  WebAssembly.Memory.prototype.grow = function (delta) {
    pages += delta
    return grow.call(this, delta)
  }
  try {
    const inverse = new InverseBarkScale(small)
    const bark = { data: values(nBarks * 3000), shape: [nBarks, 3000] }
    inverse.solveSync(bark)
    // a bin and a band are 4 bytes a frame, a band twice: momentum and target
    assert.ok(pages * 65536 >= 4 * 3000 * (nStft + 2 * nBarks) && pages * 65536 < 4.5 * 3000 * (nStft + 2 * nBarks))
    pages = 0
    inverse.solveSync(bark)
    assert.is(pages, 0)
  } finally {
    WebAssembly.Memory.prototype.grow = grow
  }
})

test('the recorded runs are what the promise is about', () => {
  assert.ok(runs.length >= 24)
  for (const reason of ['tolerance-loss', 'tolerance-change', 'max-iter'])
    assert.ok(runs.some((run) => run.reason === reason))
  assert.ok(runs.some((run) => run.iterations > 20_000))
})

test.run()
