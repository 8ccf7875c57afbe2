/** From bands to sound: what is refused and how, what is told, and how calls end. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  InverseBarkSpectrogram,
  type InverseBarkSpectrogramCallOptions,
  type InverseBarkSpectrogramOptions,
  type Progress,
} from '../src/index.ts'
import { distance } from './fixture.ts'
import { timed } from './needs.ts'
import { rejection } from './rejection.ts'
import { countTurns } from './turns.ts'
import { barkOf, voice } from './voice.ts'

const small = { nFft: 64, hopLength: 16, nBarks: 12, sampleRate: 8000, iterations: 10, onWarning() {} }
const values = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => 1 + Math.sin(i * i))
const tensor = (...shape: number[]) => ({ data: values(shape.reduce((n, m) => n * m, 1)), shape })

const refusal = (options: unknown): string => {
  try {
    new InverseBarkSpectrogram(options as InverseBarkSpectrogramOptions)
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
  return 'none'
}

test('every option: its name, what was expected, what came', () => {
  const cases: [options: unknown, message: string][] = [
    [3, 'TypeError: InverseBarkSpectrogram options: expected an object, got 3'],
    [{ n_fft: 400 }, 'TypeError: InverseBarkSpectrogram: unknown option "n_fft" (did you mean nFft?)'],
    [{ onesided: true }, 'TypeError: InverseBarkSpectrogram: unknown option "onesided"'],
    [{ method: 'joined' }, 'RangeError: method: expected "joint" or "griffin-lim", got "joined"'],
    [{ method: 1 }, 'TypeError: method: expected "joint" or "griffin-lim", got 1'],
    [{ solver: 'mip' }, 'RangeError: solver: expected "maxent" or "nnls" or "sgd", got "mip"'],
    [{ iterations: -1 }, 'RangeError: iterations: expected an integer from 0 to 100000, got -1'],
    [{ iterations: 1.5 }, 'RangeError: iterations: expected an integer from 0 to 100000, got 1.5'],
    [{ iterations: 100_001 }, 'RangeError: iterations: expected an integer from 0 to 100000, got 100001'],
    [{ iterations: '9' }, 'TypeError: iterations: expected an integer from 0 to 100000, got "9"'],
    [{ phase: 'one' }, 'RangeError: phase: expected "pghi" or "random" or "zero", got "one"'],
    [{ phase: null }, 'TypeError: phase: expected "pghi" or "random" or "zero", got null'],
    [{ pitch: 'auto' }, 'TypeError: pitch: expected true or false, got "auto"'],
    [{ bandTolerance: -0.1 }, 'RangeError: bandTolerance: expected a number from 0 to 1, got -0.1'],
    [{ bandTolerance: 1.1 }, 'RangeError: bandTolerance: expected a number from 0 to 1, got 1.1'],
    [{ bandTolerance: Number.NaN }, 'RangeError: bandTolerance: expected a number from 0 to 1, got NaN'],
    [{ bandTolerance: '0' }, 'TypeError: bandTolerance: expected a number from 0 to 1, got "0"'],
    [{ seed: -1 }, 'RangeError: seed: expected an integer >= 0, got -1'],
    [{ length: 0 }, 'RangeError: length: expected an integer >= 1, got 0'],
    [{ length: 'long' }, 'TypeError: length: expected an integer >= 1, got "long"'],
    [{ power: 0 }, 'RangeError: power: expected a finite number > 0, got 0'],
    [{ power: -1 }, 'RangeError: power: expected a finite number >= 0, got -1'],
    [{ power: null }, 'TypeError: power: expected a finite number >= 0, got null'],
    [{ nFft: 0 }, 'RangeError: nFft: expected an integer from 1 to 65536, got 0'],
    [{ winLength: 401 }, 'RangeError: winLength: expected an integer from 1 to 400, got 401'],
    [{ hopLength: 401 }, 'RangeError: hopLength: expected an integer from 1 to 400, got 401'],
    [{ pad: -1 }, 'RangeError: pad: expected an integer from 0 to 65536, got -1'],
    [{ center: 1 }, 'TypeError: center: expected true or false, got 1'],
    [
      { padMode: 'wrap' },
      'RangeError: padMode: expected "reflect" or "constant" or "replicate" or "circular", got "wrap"',
    ],
    [
      { normalized: 'length' },
      'RangeError: normalized: expected true, false, "window" or "frame_length", got "length"',
    ],
    [{ windowFn: 'round' }, 'RangeError: windowFn: expected '],
    [{ nBarks: 0 }, 'RangeError: nBarks: expected an integer from 1 to 65536, got 0'],
    [{ sampleRate: 0 }, 'RangeError: sampleRate: expected '],
    [{ fMin: -1 }, 'RangeError: fMin: expected '],
    [{ fMax: -1 }, 'RangeError: fMax: expected '],
    [{ barkScale: 'mel' }, 'RangeError: barkScale: expected '],
    [{ filterbank: 'none' }, 'RangeError: filterbank: expected '],
    [{ device: 'tpu' }, 'RangeError: device: expected '],
    [{ threads: 0 }, 'RangeError: threads: expected '],
    [{ onWarning: 1 }, 'TypeError: onWarning: expected a function, got 1'],
  ]
  for (const [options, message] of cases) {
    const got = refusal(options)
    assert.ok(got.startsWith(message), `${JSON.stringify(options)}: ${got}`)
  }
})

test('every argument of a call', async () => {
  const one = new InverseBarkSpectrogram(small)
  const nan = tensor(2, 12, 5)
  nan.data[12 * 5 + 7] = Number.NaN
  const infinite = tensor(12, 5)
  infinite.data[3] = Number.POSITIVE_INFINITY
  const cases: [bark: unknown, options: unknown, message: RegExp][] = [
    [nan, {}, /^RangeError: bark: expected finite values, got NaN at \[1, 1, 2\]$/],
    [infinite, {}, /^RangeError: bark: expected finite values, got Infinity at \[0, 3\]$/],
    [tensor(12), {}, /^RangeError: bark\.shape: expected \[\.\.\., bands = 12, time\], got \[12\]$/],
    [
      tensor(11, 5),
      {},
      /^RangeError: bark\.shape: expected 12 bands in the last dimension but one, got 11 of \[11, 5\]$/,
    ],
    [tensor(12, 0), {}, /^RangeError: bark: expected at least one frame, got none$/],
    [tensor(2, 12, 0), {}, /^RangeError: bark: expected at least one frame, got none$/],
    [tensor(12, 1), {}, /^RangeError: bark: expected frames for more than 32 samples, .* got 1 frame of 1 sample$/],
    [tensor(12, 2), {}, /^RangeError: bark: expected frames for more than 32 samples, .* got 2 frames of 16 samples$/],
    [tensor(12, 5), { length: 63 }, /^RangeError: length: expected a number from 64 to 79 for 5 frames, got 63$/],
    [tensor(12, 5), { length: 80 }, /^RangeError: length: expected a number from 64 to 79 for 5 frames, got 80$/],
    [tensor(12, 5), { length: 64.5 }, /^RangeError: length: expected an integer >= 1, got 64.5$/],
    [tensor(12, 5), { seed: -1 }, /^RangeError: seed: expected an integer >= 0, got -1$/],
    [tensor(12, 5), { signal: 3 }, /^TypeError: signal: expected an AbortSignal, got 3$/],
    [tensor(12, 5), { onProgress: 3 }, /^TypeError: onProgress: expected a function, got 3$/],
    [tensor(12, 5), { iterations: 3 }, /^TypeError: solve: unknown option "iterations"; known are /],
    [tensor(12, 5), 3, /^TypeError: solve options: expected an object, got 3$/],
    [3, {}, /^TypeError: bark: expected /],
    [{ data: values(59), shape: [12, 5] }, {}, /^RangeError: bark(\.\w+)?: expected /],
  ]
  for (const [bark, options, message] of cases) {
    assert.match(await rejection(one.solve(bark as never, options as InverseBarkSpectrogramCallOptions)), message)
  }
  // and no harm is done
  assert.equal((await one.forward(tensor(12, 5))).shape, [64])
})

test('windows that leave samples out are refused by name', async () => {
  const whole = { ...small, hopLength: 64, center: false }
  const named = /^RangeError: windowFn: expected windows that \d+ samples apart \(hopLength\) are nowhere all 0/
  assert.match(await rejection(new InverseBarkSpectrogram(whole).solve(tensor(12, 5))), named)
  const bare = { ...small, winLength: 32, hopLength: 32 }
  assert.match(await rejection(new InverseBarkSpectrogram(bare).solve(tensor(12, 5))), named)
})

test('lengths, and no items', async () => {
  const one = new InverseBarkSpectrogram({ ...small, length: 70 })
  assert.equal((await one.forward(tensor(12, 5))).shape, [70])
  assert.equal((await one.forward(tensor(12, 5), { length: 79 })).shape, [79])
  assert.equal((await one.forward(tensor(12, 5), { length: null })).shape, [64])
  assert.equal((await new InverseBarkSpectrogram({ ...small, length: null }).forward(tensor(12, 5))).shape, [64])
  const { waveform, report } = await one.solve({ data: new Float32Array(0), shape: [2, 0, 12, 5] })
  assert.equal([waveform.shape, report.iterations, report.bandConvergence], [[2, 0, 70], 0, null])
  const padded = new InverseBarkSpectrogram({ ...small, pad: 16 })
  assert.equal((await padded.forward(tensor(12, 5))).shape, [32])
  // odd transforms have one frame more for as many samples, which is one sample in the end
  const odd = new InverseBarkSpectrogram({ ...small, nFft: 63 })
  assert.equal((await odd.forward(tensor(12, 5))).shape, [65])
})

test('bands below 0 are warned of once, and count as 0', async () => {
  const warnings: string[] = []
  const one = new InverseBarkSpectrogram({ ...small, onWarning: (message) => warnings.push(message) })
  const before = warnings.length
  const bark = tensor(12, 9)
  bark.data[20] = -3
  const first = await one.forward(bark)
  await one.forward(bark)
  assert.is(warnings.length, before + 1)
  assert.match(warnings.at(-1)!, /^bark: expected power or magnitude, got negative values \(least -3\.00\)/)
  bark.data[20] = 0
  assert.equal((await one.forward(bark)).data, first.data)
})

test('what is told: defaults, bank, window, report', async () => {
  const one = new InverseBarkSpectrogram({ onWarning() {} })
  assert.equal(one.filterbank.shape, [201, 128])
  assert.equal(one.window.shape, [400])
  const { report } = await one.solve(await barkOf(voice(0.2), { onWarning() {} }))
  const { stages, elapsedMs, bandConvergence, threads, ...rest } = report
  assert.equal(rest, {
    method: 'joint',
    solver: 'maxent',
    device: 'cpu',
    backend: 'wasm',
    iterations: 100,
    stopReason: 'iterations',
  })
  assert.is(threads, 1)
  assert.equal(Object.keys(stages), ['magnitudes', 'phase', 'iterations', 'pitch'])
  const sum = Object.values(stages).reduce((all, ms) => all + ms, 0)
  assert.ok(Object.values(stages).every((ms) => ms >= 0) && sum > 0 && sum <= elapsedMs, `${sum} of ${elapsedMs}`)
  assert.ok(bandConvergence! > 0 && bandConvergence! < 0.1, `${bandConvergence}`)
})

timed('progress goes up to the end', async () => {
  const one = new InverseBarkSpectrogram({ ...small, iterations: 400 })
  const told: Progress[] = []
  const { turns } = await countTurns(() => one.solve(tensor(3, 12, 500), { onProgress: (p) => told.push({ ...p }) }))
  assert.ok(told.length > 1)
  for (const [i, { stage, iteration, of, frames, loss, elapsedMs }] of told.entries()) {
    assert.equal([stage, of, frames, loss], ['sound', 400, 1500, null])
    const last = told[i - 1]
    assert.ok(!last || (iteration >= last.iteration && elapsedMs >= last.elapsedMs))
  }
  assert.is(told.at(-1)!.iteration, 400)
  assert.ok(turns > 3, `${turns} turns`)
})

timed('an abort rejects with its reason at once, and the object goes on', async () => {
  for (const method of ['joint', 'griffin-lim'] as const) {
    const one = new InverseBarkSpectrogram({ ...small, method, iterations: 100_000, threads: 1 })
    const bark = tensor(12, 3000)
    const why = new Error('enough')
    assert.is(await one.solve(bark, { signal: AbortSignal.abort(why) }).catch((error) => error), why)
    const stop = new AbortController()
    let at = 0
    setTimeout(() => {
      at = performance.now()
      stop.abort(why)
    }, 60)
    assert.is(await one.solve(bark, { signal: stop.signal }).catch((error) => error), why)
    const late = performance.now() - at
    assert.ok(late < 300, `${late} ms`)
    const short = new InverseBarkSpectrogram(small)
    const other = new AbortController()
    const first = short.solve(tensor(12, 40), { signal: other.signal })
    other.abort(why)
    assert.is(await first.catch((error) => error), why)
    assert.equal((await short.forward(tensor(12, 40))).data, (await short.forward(tensor(12, 40))).data)
  }
})

test('calls at the same time, from the same object, and after dispose', async () => {
  for (const solver of ['maxent', 'nnls'] as const) {
    const one = new InverseBarkSpectrogram({ ...small, solver })
    const barks = [tensor(12, 40), tensor(2, 12, 25), tensor(12, 300)]
    const alone = []
    for (const bark of barks) alone.push((await one.forward(bark)).data)
    const together = await Promise.all(barks.map((bark) => one.forward(bark)))
    for (const [i, { data }] of together.entries()) assert.is(distance(data, alone[i]!), 0, `${solver} ${i}`)
    one.dispose()
    assert.equal((await one.forward(barks[0]!)).data, alone[0])
    one[Symbol.dispose]()
  }
})

test('float64 and plain arrays of bands are as good as float32', async () => {
  const one = new InverseBarkSpectrogram(small)
  const { data, shape } = tensor(12, 9)
  const expected = (await one.forward({ data, shape })).data
  assert.equal((await one.forward({ data: Float64Array.from(data), shape } as never)).data, expected)
  const backwards = Float32Array.from(data).reverse()
  await one.forward({ data: backwards, shape })
  assert.equal(backwards, Float32Array.from(data).reverse(), 'the bands are left as they are')
})

test.run()
