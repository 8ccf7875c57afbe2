import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Spectrogram, type SpectrogramOptions } from '../src/spectrogram.ts'
import type { TensorLike } from '../src/tensor.ts'
import type { WindowArguments, WindowName } from '../src/windows.ts'
import { type Ref, readFixture } from './fixture.ts'
import { rejection } from './rejection.ts'
import { countTurns } from './turns.ts'

interface Index {
  signals: { name: string; samples: Ref }[]
  spectrograms: { signal: string; options: SpectrogramOptions; result: Ref }[]
  errors: { signal: string; options: SpectrogramOptions; error: string }[]
  windows: { windowFn: WindowName; length: number; wkwargs: WindowArguments; values: Ref }[]
}

const { index, array } = readFixture<Index>('spectrogram')
const signals = new Map(index.signals.map(({ name, samples }) => [name, array(samples)]))

/** A signal that repeats itself nowhere. */
const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * i * 0.01))
const tensor = (...shape: number[]) => ({ data: wave(shape.reduce((n, m) => n * m, 1)), shape })

test("upstream's results, within 1e-6 of their peak", async () => {
  assert.ok(index.spectrograms.length >= 30)
  for (const { signal, options, result } of index.spectrograms) {
    const expected = array(result)
    const { data, shape } = await new Spectrogram(options).forward(signals.get(signal)!)
    assert.equal(shape, expected.shape, JSON.stringify(options))
    const peak = expected.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    const off = expected.data.reduce((most, x, i) => Math.max(most, Math.abs(x - data[i]!)), 0)
    assert.ok(off <= 1e-6 * peak, `${JSON.stringify(options)}: ${off / peak}`)
  }
})

test("upstream's windows, within a unit in the last place", () => {
  for (const { windowFn, length, wkwargs, values } of index.windows) {
    const { window } = new Spectrogram({ nFft: length, hopLength: 1, windowFn, wkwargs })
    const expected = array(values).data
    assert.equal(window.shape, [length])
    const off = expected.reduce((most, x, i) => Math.max(most, Math.abs(x - window.data[i]!)), 0)
    assert.ok(off <= 1.2e-7, `${windowFn} ${length} ${JSON.stringify(wkwargs)}: ${off}`)
  }
  assert.ok(new Spectrogram({ windowFn: 'ones' }).window.data.every((x) => x === 1))
})

test('what upstream refuses is refused by name, but for a Kaiser window without `periodic`', async () => {
  for (const { signal, options } of index.errors) {
    const call = async (): Promise<unknown> => new Spectrogram(options).forward(signals.get(signal)!)
    const message = await rejection(call())
    if (options.windowFn === 'kaiser') assert.is(message, 'none')
    else assert.match(message, /^RangeError: (waveform|nFft|hopLength|winLength|padMode|normalized|power): expected /)
  }
})

test('a sine at a bin stands there with half the sum of the window', async () => {
  const nFft = 256
  const data = Float32Array.from({ length: 4096 }, (_, i) => Math.cos((2 * Math.PI * 20 * i) / nFft))
  const spectrogram = await new Spectrogram({ nFft, power: 1, center: false }).forward({ data, shape: [4096] })
  const frames = spectrogram.shape[1]!
  for (let t = 0; t < frames; t++) {
    assert.ok(Math.abs(spectrogram.data[20 * frames + t]! - nFft / 4) < 1e-3)
    assert.ok(spectrogram.data[40 * frames + t]! < 1e-3)
  }
})

test('a frame has the same bits, whatever its neighbours, its block and its channel', async () => {
  for (const options of [
    { nFft: 64, hopLength: 16 },
    { nFft: 45, hopLength: 20, power: null },
    { nFft: 97, hopLength: 10, power: 0.7, onesided: false },
  ]) {
    const one = new Spectrogram({ ...options, center: false })
    const width = options.power === null ? 2 : 1
    // three channels whose frames share blocks, and more than a block of them
    const { data, shape } = tensor(3, 9000)
    const all = await one.forward({ data, shape })
    const [, rows, frames] = all.shape as [number, number, number]
    assert.ok(3 * frames > 960)
    for (const t of [0, 1, 2, 3, 4, 5, 6, 7, 100, frames - 2, frames - 1]) {
      for (const channel of [0, 2]) {
        const from = channel * 9000 + t * options.hopLength
        const alone = await one.forward({ data: data.subarray(from, from + options.nFft), shape: [options.nFft] })
        const same = alone.data.map((_, i) => {
          const [f, part] = [Math.floor(i / width), i % width]
          return all.data[((channel * rows + f) * frames + t) * width + part]!
        })
        assert.equal(same, alone.data, `${JSON.stringify(options)} frame ${t} of ${channel}`)
      }
    }
  }
})

test('leading dimensions, one sample, no channels', async () => {
  const one = new Spectrogram({ nFft: 16, hopLength: 8 })
  for (const lead of [[], [1], [2], [2, 3], [2, 1, 3]]) {
    const input = tensor(...lead, 50)
    const { data, shape } = await one.forward(input)
    assert.equal(shape, [...lead, 9, 7])
    const last = await one.forward({ data: input.data.slice(-50), shape: [50] })
    assert.equal(data.slice(-63), last.data)
  }
  assert.equal((await one.forward(tensor(3, 0, 50))).shape, [3, 0, 9, 7])
  assert.equal((await new Spectrogram({ nFft: 16, power: null }).forward(tensor(0, 50))).shape, [0, 9, 7, 2])
  assert.equal((await new Spectrogram({ nFft: 1, hopLength: 1 }).forward(tensor(1))).shape, [1, 1])
  assert.equal((await new Spectrogram({ nFft: 16, padMode: 'constant' }).forward(tensor(1))).shape, [9, 1])
  assert.equal((await new Spectrogram({ nFft: 16, pad: 20 }).forward(tensor(0))).shape, [9, 6])
})

test('many short signals, and hops longer than a frame', async () => {
  const short = await new Spectrogram({ nFft: 32, center: false }).forward(tensor(1500, 32))
  assert.equal(short.shape, [1500, 17, 1])
  const long = await new Spectrogram({ nFft: 32, hopLength: 65536, center: false }).forward(tensor(600000))
  assert.equal(long.shape, [17, 10])
  const at = 9 * 65536
  const last = await new Spectrogram({ nFft: 32, center: false }).forward({
    data: wave(600000).subarray(at, at + 32),
    shape: [32],
  })
  assert.equal(
    last.data,
    last.data.map((_, f) => long.data[f * 10 + 9]!),
  )
})

test('very long frames', async () => {
  const one = new Spectrogram({ nFft: 32768, windowFn: 'ones', power: 1, center: false })
  const { data, shape } = await one.forward({ data: new Float32Array(200000).fill(1), shape: [200000] })
  assert.equal(shape, [16385, 11])
  assert.ok(data.every((x, i) => Math.abs(x - (i < 11 ? 32768 : 0)) < 1e-2))
})

test("tensors of other libraries, a window of one's own, and what is the same by another name", async () => {
  const bits = async (options: SpectrogramOptions, input: TensorLike = tensor(2, 900)): Promise<Float32Array> =>
    (await new Spectrogram(options).forward(input)).data
  const { data, shape } = tensor(2, 900)
  const plain = await bits({})
  assert.equal(await bits({}, { data, dims: shape }), plain)
  assert.equal(await bits({}, { data: Array.from(data), shape }), plain)
  assert.equal(await bits({}, { data: async () => Float64Array.from(data), shape } as never), plain)
  const byTime = Float32Array.from({ length: 1800 }, (_, i) => data[(i % 2) * 900 + Math.floor(i / 2)]!)
  assert.equal(await bits({}, { data: byTime, shape, stride: [1, 2] }), plain)

  const { window } = new Spectrogram()
  assert.equal(await bits({ windowFn: () => window.data }), plain)
  assert.equal(
    await bits({
      windowFn: (length, { periodic }) => (periodic ? Array.from(window.data) : [length]),
      wkwargs: { periodic: true },
    }),
    plain,
  )
  assert.equal(
    await bits({ windowFn: 'hann', wkwargs: null, winLength: null, hopLength: null, device: 'cpu', threads: 1 }),
    plain,
  )
  assert.equal(await bits({ normalized: true }), await bits({ normalized: 'window' }))
  assert.not.equal(await bits({ normalized: 'frame_length' }), await bits({ normalized: 'window' }))
})

test('the window is a copy, and calls do not disturb each other', async () => {
  const one = new Spectrogram({ nFft: 128, hopLength: 8 })
  one.window.data.fill(0)
  const inputs = [tensor(30000), tensor(2, 9000), tensor(500)]
  const alone = []
  for (const input of inputs) alone.push(await one.forward(input))
  assert.equal(await Promise.all(inputs.map((input) => one.forward(input))), alone)
  assert.ok(alone[0]!.data.some((x) => x > 0))
})

test('the event loop has its turns, and an abort is answered between two blocks', async () => {
  const one = new Spectrogram({ nFft: 1024, hopLength: 128 })
  const input = tensor(3_000_000)
  const { turns, result } = await countTurns(() => one.forward(input))
  assert.ok(turns >= 2, `${turns} turns`)
  assert.is(result.data.length, 513 * 23438)

  const reason = new Error('enough')
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), 0)
  const rejected = await one.forward(input, { signal: controller.signal }).catch((error) => error)
  assert.is(rejected, reason)
  assert.is(await one.forward(input, { signal: AbortSignal.abort(reason) }).catch((error) => error), reason)
  assert.equal((await one.forward(input)).data.subarray(0, 99999), result.data.subarray(0, 99999))
})

test('options outside their domain', () => {
  const bad: [object, RegExp][] = [
    [{ nFft: 0 }, /^RangeError: nFft: expected an integer from 1 to 65536, got 0$/],
    [{ nFft: '400' }, /^TypeError: nFft: .*got "400"$/],
    [{ nFft: 65537 }, /^RangeError: nFft: /],
    [{ nFft: 1.5 }, /^RangeError: nFft: /],
    [{ winLength: 401 }, /^RangeError: winLength: expected an integer from 1 to 400, got 401$/],
    [{ winLength: 0 }, /^RangeError: winLength: /],
    [{ hopLength: 0 }, /^RangeError: hopLength: /],
    [{ hopLength: Number.NaN }, /^RangeError: hopLength: .*got NaN$/],
    [{ nFft: 1 }, /^RangeError: hopLength: .*got 0$/],
    [{ pad: -1 }, /^RangeError: pad: /],
    [{ windowFn: 'hanning' }, /^RangeError: windowFn: expected "hann" or .*, got "hanning"$/],
    [{ windowFn: 3 }, /^TypeError: windowFn: expected the name of a window or a function, got 3$/],
    [{ windowFn: () => 7 }, /^TypeError: windowFn: expected a function that gives an array of 400 numbers, got 7$/],
    [{ windowFn: () => [1, 2] }, /^RangeError: windowFn: expected 400 values, got 2$/],
    [
      { nFft: 2, windowFn: () => [1, Number.NaN] },
      /^RangeError: windowFn: expected finite float32 values, got NaN at \[1\]$/,
    ],
    [{ nFft: 2, windowFn: () => [1e300, 1] }, /^RangeError: windowFn: .*got 1e\+300 at \[0\]$/],
    [{ nFft: 2, windowFn: () => ['1', 1] }, /^TypeError: windowFn: expected numbers, got "1" at \[0\]$/],
    [{ nFft: 2, windowFn: () => [0, 0], normalized: true }, /^RangeError: windowFn: .*not all 0/],
    [{ wkwargs: 7 }, /^TypeError: wkwargs of hann options: expected an object, got 7$/],
    [{ windowFn: () => [], wkwargs: 7 }, /^TypeError: wkwargs: expected an object, got 7$/],
    [{ wkwargs: { beta: 3 } }, /^TypeError: wkwargs of hann: unknown option "beta"; known are periodic$/],
    [{ windowFn: 'hamming', wkwargs: { alpha: Infinity } }, /^RangeError: wkwargs.alpha: /],
    [
      { windowFn: 'kaiser', wkwargs: { beta: 89 } },
      /^RangeError: wkwargs.beta: expected a number from 0 to 88, got 89$/,
    ],
    [{ wkwargs: { periodic: 1 } }, /^TypeError: wkwargs.periodic: /],
    [{ power: 0 }, /^RangeError: power: expected a finite number > 0, or null for complex values, got 0$/],
    [{ power: Infinity }, /^RangeError: power: /],
    [{ power: '2' }, /^TypeError: power: /],
    [{ normalized: 'peak' }, /^RangeError: normalized: .*got "peak"$/],
    [{ normalized: 1 }, /^TypeError: normalized: /],
    [{ center: 'yes' }, /^TypeError: center: /],
    [{ padMode: 'mirror' }, /^RangeError: padMode: .*got "mirror"$/],
    [{ onesided: null }, /^TypeError: onesided: /],
    [{ device: 'gpu' }, /^RangeError: device: Spectrogram runs on the CPU only/],
    [{ device: 'tpu' }, /^RangeError: device: /],
    [{ threads: 0 }, /^RangeError: threads: expected an integer from 1 to 256, got 0$/],
    [{ onWarning: 1 }, /^TypeError: onWarning: /],
    [{ n_fft: 400 }, /^TypeError: Spectrogram: unknown option "n_fft" \(did you mean nFft\?\)/],
    [[], /^TypeError: Spectrogram options: expected an object/],
  ]
  for (const [options, message] of bad) {
    try {
      new Spectrogram(options as SpectrogramOptions)
    } catch (error) {
      assert.match(`${(error as Error).name}: ${(error as Error).message}`, message)
      continue
    }
    assert.unreachable(`accepted: ${JSON.stringify(options)}`)
  }
})

test('waveforms outside their domain', async () => {
  const withValue = (value: number) => ({ data: wave(900).fill(value, 700, 701), shape: [3, 300] })
  const bad: [SpectrogramOptions, unknown, RegExp][] = [
    [{}, tensor(12), /^RangeError: waveform: expected more than 200 samples for reflect padding of nFft 400, got 12$/],
    [{ pad: 50 }, tensor(100), /^RangeError: waveform: expected more than 100 samples for reflect .*got 100$/],
    [{}, tensor(0, 12), /^RangeError: waveform: expected more than 200 samples/],
    [
      { center: false },
      tensor(399),
      /^RangeError: waveform: expected at least 400 samples for nFft 400 without center, got 399$/,
    ],
    [{ padMode: 'circular' }, tensor(199), /^RangeError: waveform: expected at least 200 samples for circular /],
    [{ padMode: 'constant' }, tensor(2, 0), /^RangeError: waveform: expected at least 1 sample, got 0$/],
    [{ padMode: 'replicate' }, tensor(0), /^RangeError: waveform: expected at least 1 sample, got 0$/],
    [{}, withValue(Number.NaN), /^RangeError: waveform: expected finite values, got NaN at \[2, 100\]$/],
    [{}, withValue(-Infinity), /^RangeError: waveform: expected finite values, got -Infinity at \[2, 100\]$/],
    [{}, { data: Float64Array.of(1e300), shape: [1] }, /^RangeError: waveform: /],
    [{}, { data: wave(10), shape: [] }, /^RangeError: waveform.data: /],
    [{}, { data: wave(1), shape: [] }, /^RangeError: waveform.shape: expected \[..., time\], got \[\]$/],
    [{}, { data: wave(10), shape: [11] }, /^RangeError: waveform.data: expected 11 values/],
    [{}, wave(500), /^TypeError: waveform/],
    [{}, undefined, /^TypeError: waveform: expected a tensor/],
  ]
  for (const [options, waveform, message] of bad) {
    assert.match(await rejection(new Spectrogram(options).forward(waveform as TensorLike)), message)
  }
  const one = new Spectrogram()
  assert.match(await rejection(one.forward(tensor(900), { signal: 1 } as never)), /^TypeError: signal: /)
  assert.match(
    await rejection(one.forward(tensor(900), { seed: 1 } as never)),
    /^TypeError: forward: unknown option "seed"/,
  )
})

test.run()
