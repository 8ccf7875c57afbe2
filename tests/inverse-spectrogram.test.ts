import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  InverseSpectrogram,
  type InverseSpectrogramCallOptions,
  type InverseSpectrogramOptions,
} from '../src/inverse-spectrogram.ts'
import { Spectrogram } from '../src/spectrogram.ts'
import type { TensorLike } from '../src/tensor.ts'
import { distance, type Ref, readFixture } from './fixture.ts'
import { timed } from './needs.ts'
import { rejection } from './rejection.ts'
import { countTurns } from './turns.ts'

interface Index {
  inverses: { options: InverseSpectrogramOptions; length: number | null; input: Ref; result: Ref }[]
  errors: { shape: number[]; options: InverseSpectrogramOptions; length: number | null; error: string }[]
}

const { index, array } = readFixture<Index>('inverse-spectrogram')

const quiet = { onWarning() {} }

/** A signal that repeats itself nowhere. */
const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * i * 0.01))
const tensor = (...shape: number[]) => ({ data: wave(shape.reduce((n, m) => n * m, 1)), shape })

test("upstream's results", async () => {
  assert.ok(index.inverses.length >= 30)
  for (const { options, length, input, result } of index.inverses) {
    const expected = array(result)
    const { data, shape } = await new InverseSpectrogram({ ...options, ...quiet }).forward(array(input), { length })
    const what = `${JSON.stringify(options)} ${length}`
    assert.equal(shape, expected.shape, what)
    const off = distance(data, expected.data)
    // measured: 2.0e-7 at most
    assert.ok(off < 5e-7, `${what}: ${off}`)
  }
})

test('what upstream refuses is refused by name', async () => {
  for (const { shape, options, length, error } of index.errors) {
    const call = async (): Promise<unknown> => new InverseSpectrogram(options).forward(tensor(...shape), { length })
    const message = await rejection(call())
    assert.match(error, /^\w+Error: /)
    const named = /^RangeError: (windowFn|length|spectrogram\.shape|hopLength|winLength|normalized): expected /
    assert.match(message, named, JSON.stringify({ options, length }))
  }
})

test('the spectrogram of a signal goes back to it, within 1e-6', async () => {
  const pairs: InverseSpectrogramOptions[] = [
    {},
    { nFft: 1024, hopLength: 256 },
    { nFft: 1024, hopLength: 333 },
    { nFft: 255, hopLength: 100 },
    { nFft: 97, hopLength: 1 },
    { nFft: 509, hopLength: 128 },
    { nFft: 512, winLength: 300, hopLength: 111 },
    { nFft: 256, windowFn: 'hamming', hopLength: 200 },
    { nFft: 256, windowFn: 'kaiser', wkwargs: { beta: 5 } },
    { nFft: 256, windowFn: (length) => wave(length).map((x) => 2 + x), hopLength: 130 },
    { nFft: 400, normalized: true },
    { nFft: 400, normalized: 'frame_length' },
    { nFft: 400, winLength: 320, normalized: 'window' },
    { nFft: 200, center: false, windowFn: 'ones' },
    { nFft: 128, pad: 70 },
    { nFft: 90, onesided: false },
    { nFft: 91, onesided: false },
    { nFft: 100, padMode: 'constant' },
  ]
  const input = tensor(2, 3, 3000)
  for (const options of pairs) {
    const spectrogram = await new Spectrogram({ ...options, power: null }).forward(input)
    const { hopLength, nFft } = { hopLength: Math.floor((options.winLength ?? options.nFft ?? 400) / 2), ...options }
    // what is behind the last whole hop is in no frame without padding
    const kept = options.center === false ? 3000 - ((3000 - nFft!) % hopLength!) : 3000
    const { data, shape } = await new InverseSpectrogram(options).forward(spectrogram, { length: kept })
    assert.equal(shape, [2, 3, kept])
    const off = data.reduce((most, x, i) => {
      const there = input.data[Math.floor(i / kept) * 3000 + (i % kept)]!
      return Math.max(most, Math.abs(x - there))
    }, 0)
    assert.ok(off < 1e-6, `${JSON.stringify(options)}: ${off}`)
  }
})

test('what no real signal has is not read: half of a two-sided spectrogram, imaginary parts at 0 and nFft / 2', async () => {
  const input = tensor(16, 7, 2)
  const full = new InverseSpectrogram({ nFft: 16, hopLength: 4, onesided: false })
  const half = new InverseSpectrogram({ nFft: 16, hopLength: 4 })
  const bins = { data: input.data.slice(0, 9 * 14), shape: [9, 7, 2] }
  const expected = await half.forward(bins)
  assert.equal(await full.forward(input), expected)
  for (let t = 0; t < 7; t++) bins.data[2 * t + 1] = bins.data[8 * 14 + 2 * t + 1] = 1e6
  assert.equal(await half.forward(bins), expected)
})

test('a signal has the same bits, whatever is beside it, also through many blocks', async () => {
  const one = new InverseSpectrogram({ nFft: 30, hopLength: 7 })
  const frames = 2501
  const input = tensor(3, 16, frames, 2)
  const all = await one.forward(input)
  const samples = 2500 * 7
  assert.equal(all.shape, [3, samples])
  for (const item of [0, 1, 2]) {
    const data = input.data.subarray(item * 16 * frames * 2, (item + 1) * 16 * frames * 2)
    const alone = await one.forward({ data, shape: [16, frames, 2] })
    assert.ok(alone.data.every((x, i) => x === all.data[item * samples + i]))
  }
  // a frame reaches samples up to its end only: a change in the last one is in no sample before it
  const changed = input.data.slice()
  for (let f = 0; f < 16; f++) changed[2 * (f * frames + frames - 1)]! += 1
  const other = await one.forward({ data: changed, shape: input.shape })
  const first = other.data.findIndex((x, i) => x !== all.data[i])
  assert.ok(first >= 2500 * 7 - 15 && first < samples, `${first}`)
})

test('scaled by 2^40 and back, the bits are the same; silence gives silence', async () => {
  const one = new InverseSpectrogram({ nFft: 64 })
  const input = tensor(33, 9, 2)
  const plain = await one.forward(input)
  const loud = await one.forward({ data: input.data.map((x) => x * 2 ** 40), shape: input.shape })
  assert.equal(
    loud.data.map((x) => x / 2 ** 40),
    plain.data,
  )
  assert.ok((await one.forward({ data: new Float32Array(594), shape: [33, 9, 2] })).data.every((x) => x === 0))
})

test('leading dimensions, no channels, tensors of other libraries', async () => {
  const one = new InverseSpectrogram({ nFft: 16 })
  for (const lead of [[], [1], [2], [2, 3], [2, 1, 3]]) {
    const input = tensor(...lead, 9, 5, 2)
    const { data, shape } = await one.forward(input)
    assert.equal(shape, [...lead, 32])
    assert.equal(data.slice(-32), (await one.forward({ data: input.data.slice(-90), shape: [9, 5, 2] })).data)
  }
  assert.equal((await one.forward(tensor(3, 0, 9, 5, 2))).shape, [3, 0, 32])
  const { data, shape } = tensor(9, 5, 2)
  const plain = await one.forward({ data, shape })
  assert.equal(await one.forward({ data: Array.from(data), dims: shape } as never), plain)
  assert.equal(await one.forward({ data: async () => Float64Array.from(data), shape } as never), plain)
  const parts = Float32Array.from({ length: 90 }, (_, i) => data[(i % 45) * 2 + Math.floor(i / 45)]!)
  assert.equal(await one.forward({ data: parts, shape, stride: [5, 1, 45] }), plain)
  const { window } = one
  assert.equal(await new InverseSpectrogram({ nFft: 16, windowFn: () => window.data }).forward({ data, shape }), plain)
})

test('a length beyond the last frame is filled with 0, and warned of once', async () => {
  const warnings: string[] = []
  const one = new InverseSpectrogram({ nFft: 16, windowFn: 'hamming', onWarning: (message) => warnings.push(message) })
  const input = tensor(9, 5, 2)
  const { data } = await one.forward(input, { length: 60 })
  assert.equal(data.subarray(0, 32), (await one.forward(input)).data)
  assert.ok(data.subarray(32, 40).every((x) => x !== 0))
  assert.ok(data.subarray(40).every((x) => x === 0))
  assert.equal(warnings, ['length: expected at most 40 samples for 5 frames, got 60; the rest is 0'])
})

timed('the event loop has its turns, an abort is answered, and calls do not disturb each other', async () => {
  const one = new InverseSpectrogram({ nFft: 512, hopLength: 64 })
  const input = { data: new Float32Array(257 * 20000 * 2).fill(0.5), shape: [257, 20000, 2] }
  const small = tensor(257, 9, 2)
  const alone = await one.forward(small)
  const { turns, result: both } = await countTurns(() => Promise.all([one.forward(input), one.forward(small)]))
  const [result, beside] = both
  assert.ok(turns >= 2, `${turns} turns`)
  assert.equal(beside, alone)
  assert.equal(result.shape, [19999 * 64])

  const reason = new Error('enough')
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), 0)
  assert.is(await one.forward(input, { signal: controller.signal }).catch((error) => error), reason)
  assert.equal(await one.forward(small), alone)
})

test('options and arguments outside their domain', async () => {
  const bad: [object, RegExp][] = [
    [{ nFft: 0 }, /^RangeError: nFft: /],
    [{ winLength: 401 }, /^RangeError: winLength: expected an integer from 1 to 400, got 401$/],
    [{ winLength: 90, hopLength: 91 }, /^RangeError: hopLength: expected an integer from 1 to 90, got 91$/],
    [{ nFft: 1 }, /^RangeError: hopLength: .*got 0$/],
    [{ pad: -1 }, /^RangeError: pad: /],
    [{ windowFn: 'hanning' }, /^RangeError: windowFn: /],
    [{ normalized: 'peak' }, /^RangeError: normalized: /],
    [{ center: 1 }, /^TypeError: center: /],
    [{ padMode: 'mirror' }, /^RangeError: padMode: /],
    [{ onesided: 'yes' }, /^TypeError: onesided: /],
    [{ power: 2 }, /^TypeError: InverseSpectrogram: unknown option "power"/],
    [{ device: 'gpu' }, /^RangeError: device: InverseSpectrogram runs on the CPU only/],
  ]
  for (const [options, message] of bad) {
    const make = async (): Promise<unknown> => new InverseSpectrogram(options as InverseSpectrogramOptions)
    assert.match(await rejection(make()), message)
  }
  const withValue = (value: number) => ({ data: wave(90).fill(value, 13, 14), shape: [9, 5, 2] })
  const arguments_: [InverseSpectrogramOptions, unknown, InverseSpectrogramCallOptions, RegExp][] = [
    [{}, tensor(9, 5), {}, /^RangeError: spectrogram\.shape: expected \[\.\.\., 9, time >= 1, 2\].*got \[9, 5\]$/],
    [{}, tensor(9, 5, 1), {}, /^RangeError: spectrogram\.shape: /],
    [{}, tensor(16, 5, 2), {}, /^RangeError: spectrogram\.shape: .*got \[16, 5, 2\]$/],
    [{ onesided: false }, tensor(9, 5, 2), {}, /^RangeError: spectrogram\.shape: expected \[\.\.\., 16, /],
    [{}, withValue(Number.NaN), {}, /^RangeError: spectrogram: expected finite values, got NaN at \[1, 1, 1\]$/],
    [{}, withValue(-Infinity), {}, /^RangeError: spectrogram: expected finite values/],
    [{}, wave(90), {}, /^TypeError: spectrogram/],
    [{}, undefined, {}, /^TypeError: spectrogram: expected a tensor/],
    [{}, tensor(9, 5, 2), { length: 1.5 }, /^RangeError: length: /],
    [{}, tensor(9, 5, 2), { length: '3' as never }, /^TypeError: length: /],
    [{}, tensor(9, 5, 2), { signal: 1 as never }, /^TypeError: signal: /],
    [{}, tensor(9, 5, 2), { seed: 1 } as never, /^TypeError: forward: unknown option "seed"/],
    [{ windowFn: () => new Array(16).fill(0) }, tensor(9, 5, 2), {}, /^RangeError: windowFn: expected windows that 8 /],
    [{ center: false }, tensor(9, 5, 2), {}, /^RangeError: windowFn: .* all 0, or center true$/],
    [{ winLength: 9 }, tensor(9, 5, 2), { length: 23 }, /^RangeError: windowFn: .* all 0, or a shorter length$/],
  ]
  for (const [options, input, call, message] of arguments_) {
    const one = new InverseSpectrogram({ nFft: 16, ...options })
    assert.match(await rejection(one.forward(input as TensorLike, call)), message)
  }
})

test.run()
