import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  BarkScale,
  type BarkScaleOptions,
  BarkSpectrogram,
  type BarkSpectrogramOptions,
  InverseBarkScale,
} from '../src/index.ts'
import { type Ref, readFixture } from './fixture.ts'
import { timed } from './needs.ts'

interface Index {
  signals: { name: string; samples: Ref }[]
  barkScales: { options: BarkScaleOptions; input: Ref; result: Ref }[]
  barkSpectrograms: { signal: string; options: BarkSpectrogramOptions; result: Ref }[]
}

const { index, array } = readFixture<Index>('spectrogram')

/** Largest difference relative to the largest value. */
function toPeak(got: Float32Array, expected: Float32Array): number {
  const peak = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  return got.reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i]!)), 0) / (peak || 1)
}

for (const { options, input, result } of index.barkScales) {
  test(`BarkScale ${JSON.stringify(options)}`, async () => {
    const { data, shape } = await new BarkScale({ ...options, onWarning() {} }).forward(array(input))
    assert.equal(shape, result.shape)
    const off = toPeak(data, array(result).data)
    assert.ok(off < 1e-6, `${off} of the peak`)
  })
}

for (const { signal, options, result } of index.barkSpectrograms) {
  test(`BarkSpectrogram of ${signal} ${JSON.stringify(options)}`, async () => {
    const { samples } = index.signals.find(({ name }) => name === signal)!
    const { data, shape } = await new BarkSpectrogram({ ...options, onWarning() {} }).forward(array(samples))
    assert.equal(shape, result.shape)
    const off = toPeak(data, array(result).data)
    assert.ok(off < 1e-5, `${off} of the peak`)
  })
}

test('is the product with the filterbank, whatever the number of frames', async () => {
  const [nStft, nBarks] = [129, 24]
  const scale = new BarkScale({ nStft, nBarks, sampleRate: 8000 })
  const bank = scale.filterbank.data
  for (const [items, time] of [
    [1, 1],
    [2, 7],
    [3, 8],
    [1, 963],
    [1, 2049],
  ] as const) {
    const spectrogram = Float32Array.from({ length: items * nStft * time }, (_, i) => 1 + Math.sin(i * i))
    const { data } = await scale.forward({ data: spectrogram, shape: [items, nStft, time] })
    for (let i = 0; i < items; i++) {
      for (let k = 0; k < nBarks; k++) {
        for (let t = 0; t < time; t += Math.max(1, time >> 4)) {
          let sum = 0
          for (let f = 0; f < nStft; f++) sum += bank[f * nBarks + k]! * spectrogram[(i * nStft + f) * time + t]!
          const got = data[(i * nBarks + k) * time + t]!
          assert.ok(Math.abs(got - sum) <= 1e-6 * sum, `${items} x ${time}: ${got} for ${sum}`)
        }
      }
    }
  }
})

test('any leading dimensions, no frames, no items', async () => {
  const scale = new BarkScale({ nStft: 17, nBarks: 3 })
  for (const shape of [
    [17, 2],
    [0, 17, 2],
    [2, 17, 0],
    [2, 1, 17, 3],
  ]) {
    const data = new Float32Array(shape.reduce((n, m) => n * m, 1))
    assert.equal((await scale.forward({ data, shape })).shape, [...shape.slice(0, -2), 3, shape.at(-1)])
  }
})

test('there and back again', async () => {
  const options = { nStft: 65, nBarks: 30, sampleRate: 8000 }
  const spectrogram = { data: Float32Array.from({ length: 65 * 4 }, (_, i) => 1 + Math.sin(i)), shape: [65, 4] }
  const scale = new BarkScale(options)
  const bark = await scale.forward(spectrogram)
  const again = await scale.forward(await new InverseBarkScale({ ...options, maxIter: 2000 }).forward(bark))
  assert.ok(toPeak(again.data, bark.data) < 1e-3)
})

test('what is wrong is named', async () => {
  const scale = new BarkScale({ nStft: 17, nBarks: 3 })
  const refused = async (run: () => unknown, message: RegExp): Promise<void> => {
    try {
      await run()
    } catch (error) {
      assert.match((error as Error).message, message)
      return
    }
    assert.unreachable(`nothing refused, expected ${message}`)
  }
  await refused(
    () => scale.forward({ data: new Float32Array(16), shape: [16, 1] }),
    /^spectrogram\.shape: expected 17 bins/,
  )
  await refused(() => scale.forward({ data: [Number.NaN], shape: [1, 1] }), /^spectrogram\.shape/)
  await refused(
    () => scale.forward({ data: new Array(17).fill(Number.NaN), shape: [17, 1] }),
    /^spectrogram: expected finite values, got NaN at \[0, 0\]$/,
  )
  await refused(() => new BarkScale({ nStft: 0 }), /^nStft: /)
  await refused(() => new BarkScale({ fMin: 9000 }), /^fMin: /)
  await refused(() => new BarkSpectrogram({ power: null as never }), /^power: expected a finite number > 0, got null$/)
  await refused(() => new BarkSpectrogram({ onesided: true } as never), /^BarkSpectrogram: unknown option "onesided"/)
  await refused(() => new BarkSpectrogram({ nFft: 0 }), /^nFft: /)
  await refused(() => new BarkSpectrogram({ nBarks: -1 }), /^nBarks: /)
})

timed('an abort before the first step', async () => {
  const scale = new BarkScale({ nStft: 17, nBarks: 4 })
  // held here: WebKit may lose the one that a signal makes for itself
  const reason = new Error('enough')
  const input = { data: new Float32Array(17), shape: [17, 1] }
  const aborted = scale.forward(input, { signal: AbortSignal.abort(reason) })
  assert.is(await aborted.catch((error) => error), reason)
})

test('warnings reach onWarning once', async () => {
  const warnings: string[] = []
  const scale = new BarkScale({ nStft: 3, nBarks: 64, onWarning: (message) => warnings.push(message) })
  for (let i = 0; i < 2; i++) await scale.forward({ data: [-1, 2, 3], shape: [3, 1] })
  assert.is(warnings.length, 2)
})

test.run()
