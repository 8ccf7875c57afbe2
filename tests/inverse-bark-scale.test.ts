/** The class in a user's hands: shapes, tensors, calls, reports, and clear answers to what is wrong. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InverseBarkScale, type InverseBarkScaleOptions, type Progress, type TensorLike } from '../src/index.ts'
import { inNode, timed } from './needs.ts'
import { rejection } from './rejection.ts'

const [nStft, nBarks] = [33, 12]
const size = { nStft, nBarks, sampleRate: 8000, onWarning() {} }
const quick = { ...size, maxIter: 40 }

const values = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => 1 + Math.sin(i * i))
const tensor = (...shape: number[]) => ({ data: values(shape.reduce((n, m) => n * m, 1)), shape })

test('any number of leading dimensions', async () => {
  const inverse = new InverseBarkScale(quick)
  for (const lead of [[], [1], [2], [2, 3], [2, 1, 3]]) {
    const { data, shape } = await inverse.forward(tensor(...lead, nBarks, 5))
    assert.equal(shape, [...lead, nStft, 5])
    assert.is(
      data.length,
      shape.reduce((n, m) => n * m, 1),
    )
    assert.ok(data.every((x) => x >= 0 && Number.isFinite(x)))
  }
})

test('no frames and empty batches', async () => {
  const inverse = new InverseBarkScale(quick)
  for (const shape of [
    [nBarks, 0],
    [0, nBarks, 4],
    [2, 0, nBarks, 4],
    [3, nBarks, 0],
  ]) {
    const { spectrogram, report } = await inverse.solve({ data: new Float32Array(0), shape })
    assert.equal(spectrogram.shape, [...shape.slice(0, -2), nStft, shape.at(-1)])
    assert.is(spectrogram.data.length, 0)
    assert.equal([report.iterations, report.loss, report.stopReason], [0, null, 'optimal'])
  }
})

test('maxIter 0 gives the start, and init is a start', async () => {
  const inverse = new InverseBarkScale({ ...size, maxIter: 0 })
  const bark = tensor(2, nBarks, 5)
  const { spectrogram, report } = await inverse.solve(bark, { seed: 0 })
  assert.equal([report.iterations, report.loss, report.stopReason], [0, null, 'max-iter'])
  // torch.manual_seed(0); torch.rand(3) starts so; frames are drawn one after the other
  const first = [0.49625658988952637, 0.7682217955589294, 0.08847743272781372]
  assert.equal(
    [0, 1, 2].map((f) => spectrogram.data[f * 5]),
    first,
  )
  const init = tensor(2, nStft, 5)
  const same = await inverse.forward(bark, { init })
  assert.equal(same.data, init.data)
  assert.is.not(same.data, init.data)
  const ahead = new InverseBarkScale({ ...quick, toleranceLoss: 0, toleranceChange: 0 })
  assert.not.equal((await ahead.forward(bark, { init })).data, (await ahead.forward(bark)).data)
})

test('solve, forward and solveSync give the same bits', async () => {
  const inverse = new InverseBarkScale(quick)
  const bark = tensor(2, nBarks, 70)
  const { spectrogram } = await inverse.solve(bark)
  assert.equal((await inverse.forward(bark)).data, spectrogram.data)
  assert.equal(inverse.solveSync(bark).spectrogram.data, spectrogram.data)
})

test('tensors of other libraries', async () => {
  const inverse = new InverseBarkScale(quick)
  const { data, shape } = tensor(2, nBarks, 5)
  const expected = inverse.solveSync({ data, shape }).spectrogram.data
  const transposed = new Float32Array(data.length)
  for (let i = 0; i < 2; i++) {
    for (let k = 0; k < nBarks; k++) {
      for (let t = 0; t < 5; t++) transposed[(i * 5 + t) * nBarks + k] = data[(i * nBarks + k) * 5 + t]!
    }
  }
  const padded = new Float32Array(data.length + 9)
  padded.set(transposed, 9)
  const backwards = data.slice().reverse()
  const alike: Record<string, TensorLike> = {
    onnxruntime: { data, dims: shape },
    'float64, dims in a typed array': { data: Float64Array.from(data), dims: Int32Array.from(shape) },
    'plain array': { data: [...data], shape },
    'ndarray, transposed': { data: padded, shape, stride: [5 * nBarks, 1, nBarks], offset: 9 },
    'ndarray, backwards': { data: backwards, shape, stride: [-nBarks * 5, -5, -1], offset: data.length - 1 },
    'tfjs, synchronous': { data: () => data, shape },
  }
  for (const [name, bark] of Object.entries(alike)) {
    assert.equal(inverse.solveSync(bark).spectrogram.data, expected, name)
    assert.equal((await inverse.forward(bark)).data, expected, name)
  }
  const tfjs = { data: () => Promise.resolve(data), shape }
  assert.equal((await inverse.forward(tfjs)).data, expected)
  assert.throws(() => inverse.solveSync(tfjs), /^bark: expected data that is there, got a promise/)
})

test('the input stays as it was', async () => {
  const bark = tensor(nBarks, 9)
  const before = bark.data.slice()
  await new InverseBarkScale(quick).forward(bark)
  assert.equal(bark.data, before)
})

test('out receives the result, even where it shares its memory with the input', () => {
  const inverse = new InverseBarkScale(quick)
  const bark = tensor(nBarks, 9)
  const expected = inverse.solveSync(bark).spectrogram.data
  const out = { data: new Float32Array(nStft * 9), shape: [nStft, 9] }
  const first = inverse.solveSync(bark, { out })
  const { report } = first
  assert.is(first.spectrogram, out)
  assert.equal(out.data, expected)
  const second = inverse.solveSync(bark, { out })
  assert.is(second.spectrogram, out)
  assert.is(second.report, report)
  const told = inverse.solveSync(bark, { out, history: true })
  assert.is(told.report.history!.length, told.report.iterations)
  assert.not.ok('history' in inverse.solveSync(bark, { out }).report)

  const shared = new Float32Array(nStft * 9 + 7)
  shared.set(bark.data, 7)
  const inside = { data: shared.subarray(7, 7 + nBarks * 9), shape: bark.shape }
  inverse.solveSync(inside, { out: { data: shared.subarray(0, nStft * 9), shape: [nStft, 9] } })
  assert.equal(shared.subarray(0, nStft * 9), expected)

  const init = tensor(nStft, 9)
  const started = inverse.solveSync(bark, { init }).spectrogram.data
  inverse.solveSync(bark, { init, out: init })
  assert.equal(init.data, started)
})

test('the report', async () => {
  const bark = tensor(nBarks, 9)
  const { report } = await new InverseBarkScale({ ...quick, toleranceLoss: 0, toleranceChange: 0 }).solve(bark)
  const { elapsedMs, loss, ...rest } = report
  assert.ok(elapsedMs >= 0 && loss! > 0)
  assert.equal(rest, {
    solver: 'sgd',
    device: 'cpu',
    backend: 'wasm',
    threads: 1,
    iterations: 40,
    stopReason: 'max-iter',
    stepping: { plain: 40, watched: 0, jumped: 0 },
  })
})

test('history has the loss of every iteration, before its step', async () => {
  const inverse = new InverseBarkScale({ ...quick, history: true })
  const bark = tensor(nBarks, 3)
  const { report } = await inverse.solve(bark)
  assert.equal(
    report.history!.map(({ iteration }) => iteration),
    Array.from({ length: report.iterations }, (_, i) => i + 1),
  )
  assert.is(report.history!.at(-1)!.loss, report.loss)
  // the first is the loss of the start, by hand
  const start = new InverseBarkScale({ ...size, maxIter: 0 }).solveSync(bark).spectrogram.data
  const bank = inverse.filterbank.data
  let loss = 0
  for (let t = 0; t < 3; t++) {
    for (let k = 0; k < nBarks; k++) {
      let sum = 0
      for (let f = 0; f < nStft; f++) sum += bank[f * nBarks + k]! * start[f * 3 + t]!
      loss += (bark.data[k * 3 + t]! - sum) ** 2 / 3
    }
  }
  assert.ok(Math.abs(report.history![0]!.loss / loss - 1) < 1e-6)
  assert.is((await inverse.solve(bark, { history: false })).report.history, undefined)
})

test('progress: now and then, ascending, and at the end', async () => {
  const seen: Progress[] = []
  const inverse = new InverseBarkScale({
    ...size,
    maxIter: 60_000,
    toleranceLoss: 0,
    toleranceChange: 0,
    stepping: 'plain',
  })
  await inverse.solve(tensor(nBarks, 200), { onProgress: (progress) => seen.push(progress) })
  assert.ok(seen.length >= 2, `${seen.length} calls`)
  for (const [i, progress] of seen.entries()) {
    assert.equal([progress.stage, progress.of, progress.frames], ['sgd', 60_000, 200])
    if (i > 0) assert.ok(progress.iteration >= seen[i - 1]!.iteration)
    if (progress.iteration > 0) assert.ok(progress.loss! > 0 && progress.leftMs! >= 0)
  }
  assert.equal([seen.at(-1)!.iteration, seen.at(-1)!.leftMs], [60_000, 0])
})

test('an error in onProgress rejects, and the object stays usable', async () => {
  const inverse = new InverseBarkScale({ ...size, toleranceLoss: 0, toleranceChange: 0 })
  const onProgress = () => {
    throw new Error('from the page')
  }
  assert.is(await rejection(inverse.solve(tensor(nBarks, 200), { onProgress })), 'Error: from the page')
  assert.is((await new InverseBarkScale(quick).solve(tensor(nBarks, 2))).report.solver, 'sgd')
})

timed('abort: before, during, with its reason, and the object stays usable', async () => {
  const inverse = new InverseBarkScale({ ...size, maxIter: 1_000_000, toleranceLoss: 0, toleranceChange: 0 })
  const bark = tensor(nBarks, 500)
  const reason = new Error('enough')
  assert.is(await rejection(inverse.solve(bark, { signal: AbortSignal.abort(reason) })), 'Error: enough')

  const controller = new AbortController()
  let aborted = 0
  setTimeout(() => {
    aborted = performance.now()
    controller.abort(reason)
  }, 30)
  assert.is(await rejection(inverse.solve(bark, { signal: controller.signal })), 'Error: enough')
  // promised are 50 ms; a shared machine may take the processor away for longer
  assert.ok(performance.now() - aborted < 500)
  const timeout = await rejection(inverse.solve(bark, { signal: AbortSignal.timeout(20) }))
  assert.match(timeout, /^TimeoutError/)
})

test('two solves at a time on one object', async () => {
  const inverse = new InverseBarkScale({ ...size, maxIter: 3000, toleranceLoss: 0, toleranceChange: 0 })
  const [a, b] = [tensor(nBarks, 90), tensor(3, nBarks, 40)]
  const [alone, other] = [inverse.solveSync(a).spectrogram, inverse.solveSync(b).spectrogram]
  const [first, second, third] = await Promise.all([inverse.forward(a), inverse.forward(b), inverse.forward(a)])
  assert.equal([first.data, second.data, third.data], [alone.data, other.data, alone.data])
})

test('dispose gives memory back; the object stays usable', () => {
  const bark = tensor(nBarks, 9)
  const inverse = new InverseBarkScale(quick)
  const before = inverse.solveSync(bark).spectrogram.data
  inverse.dispose()
  inverse[Symbol.dispose]()
  assert.equal(inverse.solveSync(bark).spectrogram.data, before)
})

test('warnings: negative values and empty bands, each once', async () => {
  const warnings: string[] = []
  const onWarning = (message: string) => warnings.push(message)
  const inverse = new InverseBarkScale({ nStft: 5, nBarks: 32, maxIter: 2, onWarning })
  assert.is(warnings.length, 1)
  assert.match(warnings[0]!, /^filterbank: .*bands cover no bin/)
  const decibels = { data: new Float32Array(64).fill(-80), shape: [32, 2] }
  await inverse.forward(decibels)
  await inverse.forward({ data: new Float32Array(64).fill(-70), shape: [32, 2] })
  assert.is(warnings.length, 2)
  assert.match(warnings[1]!, /^bark: .*negative values \(least -80\.0\); decibels, perhaps\?$/)
})

const wrongOptions: [unknown, string][] = [
  [undefined, 'TypeError: nStft: expected an integer from 1 to 65536, got undefined'],
  [null, 'TypeError: InverseBarkScale options: expected an object, got null'],
  [513, 'TypeError: InverseBarkScale options: expected an object, got 513'],
  [{ nStft: 0 }, 'RangeError: nStft: expected an integer from 1 to 65536, got 0'],
  [{ nStft: 2.5 }, 'RangeError: nStft: expected an integer from 1 to 65536, got 2.5'],
  [{ nStft: 65537 }, 'RangeError: nStft: expected an integer from 1 to 65536, got 65537'],
  [{ nStft: '513' }, 'TypeError: nStft: expected an integer from 1 to 65536, got "513"'],
  [{ nStft, nBarks: 0 }, 'RangeError: nBarks: expected an integer from 1 to 65536, got 0'],
  [{ nStft, nBarks: Number.NaN }, 'RangeError: nBarks: expected an integer from 1 to 65536, got NaN'],
  [{ nStft, sampleRate: 0 }, 'RangeError: sampleRate: expected an integer >= 1, got 0'],
  [{ nStft, sampleRate: Infinity }, 'RangeError: sampleRate: expected an integer >= 1, got Infinity'],
  [{ nStft, fMin: -1 }, 'RangeError: fMin: expected a finite number >= 0, got -1'],
  [{ nStft, fMin: 8000 }, 'RangeError: fMin: expected a number below fMax (8000), got 8000'],
  [{ nStft, fMin: 500, fMax: 400 }, 'RangeError: fMin: expected a number below fMax (400), got 500'],
  [{ nStft, fMax: Number.NaN }, 'RangeError: fMax: expected a finite number >= 0, got NaN'],
  [{ nStft, barkScale: 'htk' }, 'RangeError: barkScale: expected "traunmuller" or "schroeder" or "wang", got "htk"'],
  [{ nStft, filterbank: true }, 'TypeError: filterbank: expected "torchaudio" or "corrected", got true'],
  [{ nStft, maxIter: -1 }, 'RangeError: maxIter: expected an integer >= 0, got -1'],
  [{ nStft, maxIter: 1e300 }, 'RangeError: maxIter: expected an integer >= 0, got 1e+300'],
  [{ nStft, toleranceLoss: -1e-9 }, 'RangeError: toleranceLoss: expected a finite number >= 0, got -1e-9'],
  [{ nStft, toleranceChange: '0' }, 'TypeError: toleranceChange: expected a finite number >= 0, got "0"'],
  [{ nStft, sgdargs: 0.1 }, 'TypeError: sgdargs options: expected an object, got 0.1'],
  [{ nStft, sgdargs: { lr: -1 } }, 'RangeError: sgdargs.lr: expected a finite number >= 0, got -1'],
  [{ nStft, sgdargs: { momentum: -0.1 } }, 'RangeError: sgdargs.momentum: expected a finite number >= 0, got -0.1'],
  [{ nStft, sgdargs: { dampening: Number.NaN } }, 'RangeError: sgdargs.dampening: expected a finite number, got NaN'],
  [{ nStft, sgdargs: { weightDecay: -1 } }, 'RangeError: sgdargs.weightDecay: expected a finite number >= 0, got -1'],
  [{ nStft, sgdargs: { maximize: 1 } }, 'TypeError: sgdargs.maximize: expected true or false, got 1'],
  [
    { nStft, sgdargs: { lr: 0.1, nesterov: true } },
    'RangeError: sgdargs.nesterov: expected momentum above 0 and dampening 0, got momentum 0 and dampening 0',
  ],
  [
    { nStft, sgdargs: { momentum: 0.9, dampening: 0.1, nesterov: true } },
    'RangeError: sgdargs.nesterov: expected momentum above 0 and dampening 0, got momentum 0.9 and dampening 0.1',
  ],
  [
    { nStft, sgdargs: { weight_decay: 0.1 } },
    'TypeError: sgdargs: unknown option "weight_decay" (did you mean weightDecay?); known are lr, momentum, dampening, weightDecay, nesterov, maximize',
  ],
  [{ nStft, solver: 'adam' }, 'RangeError: solver: expected "sgd" or "nnls" or "maxent", got "adam"'],
  [{ nStft, stepping: 'jumps' }, 'RangeError: stepping: expected "auto" or "plain", got "jumps"'],
  [{ nStft, device: 'cuda' }, 'RangeError: device: expected "auto" or "cpu" or "gpu", got "cuda"'],
  [{ nStft, threads: 0 }, 'RangeError: threads: expected an integer from 1 to 256, got 0'],
  [{ nStft, seed: -1 }, 'RangeError: seed: expected an integer >= 0, got -1'],
  [{ nStft, seed: 0.5 }, 'RangeError: seed: expected an integer >= 0, got 0.5'],
  [{ nStft, history: 'yes' }, 'TypeError: history: expected true or false, got "yes"'],
  [{ nStft, onWarning: 'log' }, 'TypeError: onWarning: expected a function, got "log"'],
]

for (const [options, message] of wrongOptions) {
  test(`option refused: ${message}`, () => {
    let got = 'none'
    try {
      new InverseBarkScale(options as InverseBarkScaleOptions)
    } catch (error) {
      got = `${(error as Error).name}: ${(error as Error).message}`
    }
    assert.is(got, message)
  })
}

test('an unknown option is refused, with the nearest known one', () => {
  const wrong = { nStft, tolerance_loss: 1 } as unknown as InverseBarkScaleOptions
  assert.throws(
    () => new InverseBarkScale(wrong),
    /^InverseBarkScale: unknown option "tolerance_loss" \(did you mean toleranceLoss\?\); known are nStft, nBarks/,
  )
})

const holes = values(nBarks * 4)
holes[17] = Number.NaN
const infinite = values(nBarks * 4)
infinite[3] = -Infinity

const wrongCalls: [unknown, object | undefined, string][] = [
  [undefined, {}, 'TypeError: bark: expected a tensor { data, shape }, got undefined'],
  [new Float32Array(4), {}, 'TypeError: bark.dims: expected an array of integers, got undefined'],
  [{ shape: [nBarks, 4] }, {}, 'TypeError: bark.data: expected a typed array or an array of numbers, got undefined'],
  [{ data: 'loud', shape: [4] }, {}, 'TypeError: bark.data: expected a typed array or an array of numbers, got "loud"'],
  [
    { data: ['1', ...values(nBarks - 1)], shape: [nBarks, 1] },
    {},
    'TypeError: bark.data: expected numbers, got "1" at 0',
  ],
  [
    { data: new BigInt64Array(4), shape: [4] },
    {},
    'TypeError: bark.data: expected a typed array or an array of numbers, got a BigInt64Array',
  ],
  [{ data: values(5), shape: [nBarks, 4] }, {}, 'RangeError: bark.data: expected 48 values for shape [12, 4], got 5'],
  [{ data: values(4), shape: [-2, -2] }, {}, 'RangeError: bark.shape: expected integers >= 0, got [-2, -2]'],
  [{ data: values(4), shape: [1.5, 2] }, {}, 'RangeError: bark.shape: expected integers >= 0, got [1.5, 2]'],
  [
    { data: values(4), shape: [2 ** 40, 2 ** 40] },
    {},
    'RangeError: bark.data: expected 1.2089258196146292e+24 values for shape [1099511627776, 1099511627776], got 4',
  ],
  [{ data: values(nBarks), shape: [nBarks] }, {}, 'RangeError: bark.shape: expected [..., bands = 12, time], got [12]'],
  [{ data: values(1), shape: [] }, {}, 'RangeError: bark.shape: expected [..., bands = 12, time], got []'],
  [tensor(13, 4), {}, 'RangeError: bark.shape: expected 12 bands in the last dimension but one, got 13 of [13, 4]'],
  [{ data: holes, shape: [nBarks, 4] }, {}, 'RangeError: bark: expected finite values, got NaN at [4, 1]'],
  [{ data: infinite, shape: [nBarks, 4] }, {}, 'RangeError: bark: expected finite values, got -Infinity at [0, 3]'],
  [
    { data: values(48), shape: [nBarks, 4], stride: [5, 1] },
    {},
    'RangeError: bark.stride: expected places within the 48 values, got 0 to 58 for shape [12, 4]',
  ],
  [{ data: values(48), shape: [nBarks, 4], stride: [4] }, {}, 'RangeError: bark.stride: expected 2 integers, got [4]'],
  [
    { data: values(48), shape: [nBarks, 4], offset: 3 },
    {},
    'RangeError: bark.offset: expected 0 without a stride, got 3',
  ],
  [
    { data: new Uint16Array(48), dims: [nBarks, 4], type: 'float16' },
    {},
    'TypeError: bark.data: expected numbers, got the bits of float16; convert them to float32',
  ],
  [tensor(nBarks, 4), { init: tensor(nBarks, 4) }, 'RangeError: init.shape: expected [33, 4], got [12, 4]'],
  [
    tensor(nBarks, 4),
    { init: { data: values(132).fill(-1), shape: [nStft, 4] } },
    'RangeError: init: expected values >= 0, got -1',
  ],
  [
    tensor(nBarks, 4),
    { init: { data: values(132).fill(Infinity), shape: [nStft, 4] } },
    'RangeError: init: expected finite values, got Infinity at [0, 0]',
  ],
  [tensor(nBarks, 4), { seed: 1e20 }, 'RangeError: seed: expected an integer >= 0, got 100000000000000000000'],
  [tensor(nBarks, 4), { onProgress: 1 }, 'TypeError: onProgress: expected a function, got 1'],
  [
    tensor(nBarks, 4),
    { sead: 1 },
    'TypeError: solve: unknown option "sead"; known are signal, onProgress, init, seed, history, perFrame',
  ],
]

for (const [bark, options, message] of wrongCalls) {
  test(`call refused: ${message}`, async () => {
    assert.is(await rejection(new InverseBarkScale(size).solve(bark as TensorLike, options)), message)
  })
}

test('an AbortSignal has to be one', async () => {
  const inverse = new InverseBarkScale(quick)
  const wrong = inverse.solve(tensor(nBarks, 4), { signal: {} as AbortSignal })
  assert.is(await rejection(wrong), 'TypeError: signal: expected an AbortSignal, got an Object')
})

test('out has to fit', () => {
  const inverse = new InverseBarkScale(quick)
  const solve = (out: unknown) => () => inverse.solveSync(tensor(nBarks, 4), { out: out as never })
  assert.throws(
    solve({ data: new Float64Array(132), shape: [nStft, 4] }),
    /^out: expected a tensor \{ data: Float32Array/,
  )
  assert.throws(
    solve({ data: new Float32Array(131), shape: [nStft, 4] }),
    /^out\.data: expected 132 values for shape \[33, 4\], got 131$/,
  )
  const turned = { data: new Float32Array(132), shape: [4, nStft] }
  assert.throws(solve(turned), /^out\.shape: expected \[33, 4\], got \[4, 33\]$/)
})

timed('a call that waits for data can be aborted', async () => {
  const inverse = new InverseBarkScale(quick)
  const never = { data: () => new Promise<Float32Array>(() => {}), shape: [nBarks, 1] }
  const controller = new AbortController()
  setTimeout(() => controller.abort(new Error('enough')), 20)
  assert.is(await rejection(inverse.solve(never, { signal: controller.signal })), 'Error: enough')
  const failing = { data: () => Promise.reject(new Error('lost')), shape: [nBarks, 1] }
  assert.is(await rejection(inverse.solve(failing)), 'Error: lost')
  assert.throws(() => inverse.solveSync(failing), /^bark: expected data that is there/)
  await new Promise((resolve) => setTimeout(resolve, 10))
})

inNode('arrays of another realm are what they are', async () => {
  const { default: vm } = await import('node:vm')
  const inverse = new InverseBarkScale(quick)
  const bark = tensor(nBarks, 2)
  const other = vm.runInNewContext(
    '(values) => ({ f: Float32Array.from(values), h: new Uint16Array(24), b: new BigInt64Array(24) })',
  )([...bark.data])
  assert.equal(
    inverse.solveSync({ data: other.f, shape: bark.shape }).spectrogram.data,
    inverse.solveSync(bark).spectrogram.data,
  )
  assert.throws(
    () => inverse.solveSync({ data: other.h, dims: bark.shape, type: 'float16' } as never),
    /the bits of float16/,
  )
  assert.throws(() => inverse.solveSync({ data: other.b, shape: bark.shape }), /^bark\.data: expected a typed array/)
})

test('options that hold nothing by their names are refused', () => {
  for (const wrong of [new Map([['lr', 1]]), new Date(), Object(3), /x/]) {
    assert.throws(
      () => new InverseBarkScale({ ...size, sgdargs: wrong as never }),
      /^sgdargs options: expected an object, got a/,
    )
  }
  const inherited = Object.create({ lr: 0 })
  const { report } = new InverseBarkScale({ ...quick, sgdargs: inherited }).solveSync(tensor(nBarks, 2))
  assert.is(report.iterations, 2) // lr 0: no change of the loss
  const loop: unknown[] = []
  loop.push(loop)
  assert.throws(() => new InverseBarkScale({ nStft: loop as never }), /^nStft: .* got \[\[\.\.\.\]\]$/)
})

test('what does not fit into memory is refused by name', () => {
  const inverse = new InverseBarkScale({ nStft: 65536, nBarks: 3, onWarning() {} })
  const wide = { data: new Float32Array(1), shape: [3, 4e5], stride: [0, 0] }
  assert.throws(
    () => inverse.solveSync(wide),
    /^bark: expected values of a result that fit into memory, got 26214400000$/,
  )
})

test('divergence is an error that names lr and the iteration', async () => {
  const inverse = new InverseBarkScale({ ...size, sgdargs: { lr: 1e6, momentum: 0.9, maximize: true } })
  const message = await rejection(inverse.solve(tensor(nBarks, 4)))
  assert.match(
    message,
    /^RangeError: sgdargs\.lr: diverged with lr 1000000 at iteration \d+, where the loss is (Infinity|NaN)/,
  )
  const loud = { data: new Float32Array(nBarks).fill(3e38), shape: [nBarks, 1] }
  const overflow = await rejection(new InverseBarkScale(size).solve(loud))
  assert.match(overflow, /at iteration 1, where the loss is Infinity: the values are too large for float32 squares$/)
})

test('a step so large that all is clamped to zero stops as upstream does', async () => {
  const silence = { data: new Float32Array(nBarks * 4), shape: [nBarks, 4] }
  const { report } = await new InverseBarkScale({ ...size, sgdargs: { lr: 1e6 } }).solve(silence)
  assert.equal([report.stopReason, report.iterations], ['tolerance-loss', 2])
})

test.run()
