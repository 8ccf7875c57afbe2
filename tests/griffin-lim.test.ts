import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Sweep } from '../src/backends/wasm/frame-sweep.ts'
import { WasmGriffinLim } from '../src/backends/wasm/griffin-lim.ts'
import { planSweep } from '../src/backends/wasm/griffin-lim-sweep.ts'
import { GriffinLim, type GriffinLimCallOptions, type GriffinLimOptions } from '../src/griffin-lim.ts'
import { Spectrogram } from '../src/spectrogram.ts'
import type { Progress } from '../src/steps.ts'
import type { GriffinLimSpec, WindowSpec } from '../src/stft.ts'
import type { Tensor, TensorLike } from '../src/tensor.ts'
import { distance, type Ref, readFixture } from './fixture.ts'
import { timed } from './needs.ts'
import { rejection } from './rejection.ts'
import { countTurns } from './turns.ts'

interface Run {
  name: string
  seed: number | null
  options: GriffinLimOptions
  input: Ref
  result: Ref
  exact: Ref
  distance: number
}

interface Index {
  runs: Run[]
  errors: { shape: number[]; options: GriffinLimOptions; error: string }[]
}

const { index, array } = readFixture<Index>('griffin-lim')

let state = 1

/** Values in [0, 1), the same in every run. */
function values(length: number): Float32Array {
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  })
}

const tensor = (...shape: number[]): Tensor => ({ data: values(shape.reduce((n, m) => n * m, 1)), shape })

/**
 * Momentum amplifies rounding by 50 to 1000 in 32 iterations: torch itself, in float32, is up to 1.4e-4 from what it
 * gives in float64 (`distance`). So a result is measured against float64, and may be 1e-4 off, or twice as far as torch.
 * Where there is little to amplify, it has to be as near as rounding.
 */
function tolerance({ options, distance }: Run): number {
  const { nIter = 32, momentum = 0.99 } = options
  if (nIter <= 1) return 5e-7
  if (nIter <= 8 && options.hopLength === undefined) return 5e-6
  return momentum <= 0.5 ? 1e-5 : Math.max(1e-4, 2 * distance)
}

test("upstream's results, with its start", async () => {
  assert.ok(index.runs.length >= 28)
  let near = 0
  for (const run of index.runs) {
    const { name, seed, options, input, result, exact } = run
    const one = new GriffinLim({ ...options, randInit: seed !== null })
    const { data, shape } = await one.forward(array(input), seed === null ? {} : { seed })
    assert.equal(shape, array(result).shape, name)
    const off = distance(data, array(exact).data)
    assert.ok(off <= tolerance(run), `${name}: ${off} from float64, torch ${run.distance}`)
    if (distance(data, array(result).data) <= 1e-4) near++
  }
  // measured: all but speech-random (1.4e-4) and hamming (1.2e-4)
  assert.ok(near >= index.runs.length - 2, `${near} of ${index.runs.length} within 1e-4 of torch in float32`)
})

test('what upstream refuses is refused by name, and less than no iterations', async () => {
  for (const { shape, options } of index.errors) {
    const call = async (): Promise<unknown> => new GriffinLim(options).forward(tensor(...shape))
    const named = /^RangeError: (windowFn|length|spectrogram(\.shape)?|hopLength|momentum|power|nIter): expected /
    assert.match(await rejection(call()), named, JSON.stringify({ shape, options }))
  }
})

const hann = (length: number): WindowSpec => ({ name: 'hann', length, periodic: true, alpha: 0, beta: 0 })
const specOf = (nFft: number, hopLength: number, iterations: number): GriffinLimSpec => {
  return { nFft, hopLength, window: hann(nFft), power: 2, iterations, momentum: 0.99 / 1.99 }
}

test('how the iterations follow each other over the frames changes no bit', () => {
  const cases: [nFft: number, hop: number, frames: number, iterations: number, more: number][] = [
    [64, 32, 203, 6, 0],
    [64, 16, 202, 5, 7],
    [63, 20, 150, 4, 0],
    [45, 5, 201, 3, 4],
    [32, 3, 120, 2, 2],
    [64, 50, 97, 7, 49],
    [6, 1, 77, 2, 0],
  ]
  for (const [nFft, hop, frames, iterations, more] of cases) {
    const spec = specOf(nFft, hop, iterations)
    const solver = new WasmGriffinLim(spec)
    const bins = Math.floor(nFft / 2) + 1
    const samples = (frames - 1) * hop + (nFft % 2) + more
    const groups = Math.ceil(frames / 4)
    const lag = Math.ceil(Math.floor((2 * Math.floor(nFft / 2)) / hop) / 4)
    for (const seed of [null, 3]) {
      const problem = { items: 2, frames, samples, spectrogram: values(2 * bins * frames), seed }
      const solve = (sweep: Sweep): Float32Array => {
        const out = new Float32Array(2 * samples)
        const parts = [...solver.waveforms(problem, out, sweep)]
        assert.is(parts.at(-1), 1)
        assert.ok(parts.every((part, i) => part > (parts[i - 1] ?? -1) || part === parts[i - 1]))
        return out
      }
      const plain = solve({ groups, held: groups, block: groups, lag: 0 })
      assert.ok(plain.some((x) => x !== 0))
      for (const block of [1, 2, 5, 8]) {
        const held = block + iterations * lag
        if (held >= groups) continue
        const swept = solve({ groups, held, block, lag })
        const off = swept.reduce((count, x, i) => count + (x === plain[i] ? 0 : 1), 0)
        assert.is(off, 0, `nFft ${nFft}, hop ${hop}, ${frames} frames, seed ${seed}, block ${block}`)
      }
      // the lag is needed: one group less gives other numbers, or the test could not fail
      if (lag === 1) continue
      const short = { groups, held: 1 + iterations * (lag - 1), block: 1, lag: lag - 1 }
      assert.not.equal(solve(short), plain)
    }
  }
})

test('what is held in memory does not grow with the length, and is what the class says', async () => {
  const spec = specOf(1024, 512, 32)
  assert.equal(planSweep(spec, 947), { groups: 237, held: 64, block: 32, lag: 1 })
  assert.equal(planSweep(spec, 112_500), { groups: 28_125, held: 64, block: 32, lag: 1 })
  assert.equal(planSweep(spec, 255), { groups: 64, held: 64, block: 64, lag: 0 })
  assert.equal(planSweep(specOf(1024, 128, 100), 1e6), { groups: 250_000, held: 232, block: 32, lag: 2 })

  let pages = 0
  const grow = WebAssembly.Memory.prototype.grow
  WebAssembly.Memory.prototype.grow = function (more: number): number {
    pages += more
    return grow.call(this, more)
  }
  try {
    const one = new GriffinLim({ nFft: 256, hopLength: 128, nIter: 3 })
    const frames = 30_000
    const { shape } = await one.forward({ data: new Float32Array(129 * frames).fill(1), shape: [129, frames] })
    assert.equal(shape, [29_999 * 128])
  } finally {
    WebAssembly.Memory.prototype.grow = grow
  }
  // all frames would take 46 MB, a generator for every bin takes 0.3
  assert.ok(pages > 0 && pages * 65536 < 3e6, `${pages} pages`)
})

test('a signal has the same bits alone and in a batch; the start goes on from signal to signal', async () => {
  const input = tensor(2, 3, 17, 50)
  const size = 17 * 50
  const item = (i: number) => ({ data: input.data.subarray(i * size, (i + 1) * size), shape: [17, 50] })
  const zero = new GriffinLim({ nFft: 32, nIter: 5, randInit: false })
  const all = await zero.forward(input)
  assert.equal(all.shape, [2, 3, 49 * 16])
  for (let i = 0; i < 6; i++) {
    assert.equal((await zero.forward(item(i))).data, all.data.slice(i * 49 * 16, (i + 1) * 49 * 16), `item ${i}`)
  }
  const random = new GriffinLim({ nFft: 32, nIter: 5 })
  const drawn = await random.forward(input)
  assert.equal((await random.forward(item(0))).data, drawn.data.slice(0, 49 * 16))
  assert.not.equal((await random.forward(item(1))).data, drawn.data.slice(49 * 16, 98 * 16))
  assert.equal((await random.forward(tensor(3, 0, 17, 5))).shape, [3, 0, 64])
})

test('seeds: the same one gives the same, the call wins over the constructor, modulo 2^32', async () => {
  const input = tensor(33, 9)
  const data = async (options: GriffinLimOptions, call: GriffinLimCallOptions = {}): Promise<Float32Array> =>
    (await new GriffinLim({ nFft: 64, nIter: 3, ...options }).forward(input, call)).data
  const zero = await data({})
  assert.equal(await data({ seed: 0 }), zero)
  assert.equal(await data({ seed: 5 }, { seed: 0 }), zero)
  assert.equal(await data({ seed: 2 ** 32 }), zero)
  assert.not.equal(await data({ seed: 5 }), zero)
  assert.not.equal(await data({ randInit: false }), zero)
  assert.equal(await data({ randInit: false, seed: 5 }), await data({ randInit: false }))
})

test('magnitudes of a signal come nearer with more iterations, and with momentum faster', async () => {
  const wave = Float32Array.from({ length: 6000 }, (_, i) => Math.sin(i * i * 1e-4) + 0.3 * Math.sin(i / 3))
  const forward = new Spectrogram({ nFft: 256, hopLength: 64, power: 1 })
  const spectrogram = await forward.forward({ data: wave, shape: [6000] })
  const off = async (nIter: number, momentum: number): Promise<number> => {
    const one = new GriffinLim({ nFft: 256, hopLength: 64, power: 1, nIter, momentum, length: 6000 })
    const result = await one.forward(spectrogram)
    assert.equal(result.shape, [6000])
    return distance((await forward.forward(result)).data, spectrogram.data)
  }
  const [start, few, many, slow] = [await off(0, 0), await off(8, 0.99), await off(64, 0.99), await off(64, 0)]
  // measured: 0.81, 0.22, 0.084, 0.175
  assert.ok(few < 0.5 * start && many < 0.5 * few && many < slow && slow < few, `${[start, few, many, slow]}`)
})

test('without momentum no iteration increases the distance to the magnitudes (Griffin and Lim, 1984)', async () => {
  // of frames that are no signal's; with hops that divide the frame and windows whose squares add up to a constant
  const spectrogram = tensor(33, 60)
  const forward = new Spectrogram({ nFft: 64, hopLength: 16, power: 1 })
  const magnitudes = spectrogram.data.map(Math.sqrt)
  let before = Infinity
  for (let nIter = 1; nIter <= 12; nIter++) {
    const one = new GriffinLim({ nFft: 64, hopLength: 16, nIter, momentum: 0 })
    const now = distance((await forward.forward(await one.forward(spectrogram))).data, magnitudes)
    assert.ok(now < before, `${nIter}: ${now}, ${before}`)
    before = now
  }
})

test('silence gives silence, and silent frames among others do not spread', async () => {
  const one = new GriffinLim({ nFft: 64, nIter: 20 })
  const silent = await one.forward({ data: new Float32Array(2 * 33 * 20), shape: [2, 33, 20] })
  assert.equal(silent.data, new Float32Array(2 * 19 * 32))
  const input = tensor(33, 40)
  for (let f = 0; f < 33; f++) input.data.fill(0, f * 40 + 20, f * 40 + 40)
  const { data } = await one.forward(input)
  assert.ok(data.subarray(0, 20 * 32).some((x) => x !== 0))
  assert.ok(data.subarray(20 * 32).every((x) => x === 0))
  assert.ok(data.every(Number.isFinite))
})

test('powers, tensors of other libraries, and what is the same by another name', async () => {
  const magnitude = tensor(33, 9)
  const data = async (options: GriffinLimOptions, input: TensorLike): Promise<Float32Array> =>
    (await new GriffinLim({ nFft: 64, nIter: 3, ...options }).forward(input)).data
  const plain = await data({ power: 1 }, magnitude)
  const raised = { data: Float64Array.from(magnitude.data, (x) => x * x), shape: magnitude.shape }
  assert.ok(distance(await data({}, raised), plain) < 1e-6)
  const cubed = { data: Float64Array.from(magnitude.data, (x) => x ** 3), shape: magnitude.shape }
  assert.ok(distance(await data({ power: 3 }, cubed), plain) < 1e-5)
  assert.equal(await data({ power: 1 }, { data: Array.from(magnitude.data), dims: magnitude.shape }), plain)
  const byTime = Float32Array.from({ length: 297 }, (_, i) => magnitude.data[(i % 33) * 9 + Math.floor(i / 33)]!)
  assert.equal(await data({ power: 1 }, { data: byTime, shape: [33, 9], stride: [1, 33] }), plain)
  const { window } = new GriffinLim({ nFft: 64 })
  assert.equal(await data({ power: 1, windowFn: () => window.data }, magnitude), plain)
  assert.equal(await data({ power: 1, winLength: null, hopLength: null, length: null, threads: 1 }, magnitude), plain)
  // exactly linear in powers of two, but for the 1e-16
  const loud = { data: magnitude.data.map((x) => x * 2 ** 30), shape: magnitude.shape }
  const back = (await data({ power: 1 }, loud)).map((x) => x / 2 ** 30)
  assert.ok(distance(back, plain) < 1e-6)
})

timed('progress, turns of the event loop, abort, and calls that do not disturb each other', async () => {
  const one = new GriffinLim({ nFft: 512, nIter: 20 })
  const input = tensor(257, 3000)
  const told: Progress[] = []
  const small = tensor(257, 9)
  const alone = await one.forward(small)
  const { turns, result } = await countTurns(() =>
    Promise.all([one.forward(input, { onProgress: (p) => told.push(p) }), one.forward(small)]),
  )
  const beside = result[1]
  assert.equal(beside, alone)
  assert.ok(turns >= 2, `${turns} turns`)
  assert.equal(
    { ...told.at(-1), elapsedMs: 0 },
    {
      stage: 'griffin-lim',
      iteration: 20,
      of: 20,
      frames: 3000,
      loss: null,
      elapsedMs: 0,
      leftMs: 0,
    },
  )
  for (const [i, { iteration }] of told.entries()) assert.ok(iteration >= (told[i - 1]?.iteration ?? 0))

  const reason = new Error('enough')
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), 5)
  assert.is(await one.forward(input, { signal: controller.signal }).catch((error) => error), reason)
  assert.is(await one.forward(input, { signal: AbortSignal.abort(reason) }).catch((error) => error), reason)
  assert.equal(await one.forward(small), alone)
})

test('options and arguments outside their domain', async () => {
  const bad: [object, RegExp][] = [
    [{ nFft: 0 }, /^RangeError: nFft: /],
    [{ winLength: 90, hopLength: 91 }, /^RangeError: hopLength: expected an integer from 1 to 90, got 91$/],
    [{ nIter: -1 }, /^RangeError: nIter: expected an integer >= 0, got -1$/],
    [{ nIter: 1.5 }, /^RangeError: nIter: /],
    [{ power: 0 }, /^RangeError: power: expected a finite number > 0, got 0$/],
    [{ power: null }, /^TypeError: power: /],
    [{ momentum: 1 }, /^RangeError: momentum: expected a number from 0 to below 1, got 1$/],
    [{ momentum: Number.NaN }, /^RangeError: momentum: /],
    [{ length: 0 }, /^RangeError: length: /],
    [{ randInit: 1 }, /^TypeError: randInit: /],
    [{ seed: -1 }, /^RangeError: seed: /],
    [{ n_iter: 3 }, /^TypeError: GriffinLim: unknown option "n_iter" \(did you mean nIter\?\)/],
    [{ device: 'gpu' }, /^RangeError: device: GriffinLim runs on the CPU only/],
  ]
  for (const [options, message] of bad) {
    const make = async (): Promise<unknown> => new GriffinLim(options as GriffinLimOptions)
    assert.match(await rejection(make()), message)
  }
  const withValue = (value: number) => ({ data: values(45).fill(value, 13, 14), shape: [9, 5] })
  const arguments_: [GriffinLimOptions, unknown, object, RegExp][] = [
    [{}, tensor(8, 5), {}, /^RangeError: spectrogram\.shape: expected 9 bins/],
    [{}, tensor(9), {}, /^RangeError: spectrogram\.shape: /],
    [{}, tensor(9, 0), {}, /^RangeError: spectrogram: expected at least one frame, got none$/],
    [
      {},
      tensor(9, 2),
      {},
      /^RangeError: spectrogram: expected frames for more than 8 samples.*got 2 frames of 8 samples$/,
    ],
    [{ nIter: 0 }, tensor(9, 1), {}, /^RangeError: spectrogram: expected frames for at least one sample/],
    [{ length: 40 }, tensor(9, 5), {}, /^RangeError: length: expected a number from 32 to 39 for 5 frames, got 40$/],
    [{}, withValue(Number.NaN), {}, /^RangeError: spectrogram: expected finite values, got NaN at \[2, 3\]$/],
    [{}, withValue(-0.5), {}, /^RangeError: spectrogram: expected values >= 0, got -0\.5$/],
    [{ power: 1 }, withValue(-0.5), {}, /^RangeError: spectrogram: expected values >= 0, got -0\.5$/],
    [{ power: 1 }, withValue(1e20), {}, /^RangeError: spectrogram: expected magnitudes up to 1000000000000000/],
    [{ hopLength: 16 }, tensor(9, 5), {}, /^RangeError: windowFn: expected windows that 16 samples apart/],
    [{}, values(45), {}, /^TypeError: spectrogram/],
    [{}, undefined, {}, /^TypeError: spectrogram: expected a tensor/],
    [{}, tensor(9, 5), { signal: 1 }, /^TypeError: signal: /],
    [{}, tensor(9, 5), { onProgress: 1 }, /^TypeError: onProgress: /],
    [{}, tensor(9, 5), { length: 33 }, /^TypeError: forward: unknown option "length"/],
  ]
  for (const [options, input, call, message] of arguments_) {
    const one = new GriffinLim({ nFft: 16, ...options })
    assert.match(await rejection(one.forward(input as TensorLike, call as GriffinLimCallOptions)), message)
  }
})

test.run()
