/** From bands to sound in a user's hands: what comes out for every shape, scale and option. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InverseBarkScale, InverseBarkSpectrogram, type InverseBarkSpectrogramOptions } from '../src/index.ts'
import type { Tensor } from '../src/tensor.ts'
import { distance } from './fixture.ts'
import { JointCase } from './joint-core.ts'
import { signalOf } from './oracle/stft.ts'
import { barkOf, voice } from './voice.ts'

const small = { nFft: 128, hopLength: 32, nBarks: 16, sampleRate: 8000, iterations: 12, onWarning() {} }
const sound = voice(0.4, 8000)

const solve = (bark: Tensor, options: InverseBarkSpectrogramOptions = small): Promise<Float32Array> =>
  new InverseBarkSpectrogram(options).forward(bark).then(({ data }) => data)

/** Bands of several sounds in one tensor. */
function stacked(barks: Tensor[], ...lead: number[]): Tensor {
  const data = new Float32Array(barks.length * barks[0]!.data.length)
  for (const [i, bark] of barks.entries()) data.set(bark.data, i * bark.data.length)
  return { data, shape: [...lead, ...barks[0]!.shape] }
}

const scaled = ({ data, shape }: Tensor, by: number): Tensor => ({ data: data.map((x) => x * by), shape })

test('windows, hops, powers and scales: the bands of the result are the bands', async () => {
  // measured: a fifth less than these bounds
  const cases: [options: InverseBarkSpectrogramOptions, seconds: number, bSC: number][] = [
    [{ nBarks: 40 }, 0.3, 0.011],
    [{ nBarks: 128 }, 0.3, 0.027],
    [{ nFft: 2048, hopLength: 512, nBarks: 64 }, 0.6, 0.024],
    [{ nFft: 2047, hopLength: 500, nBarks: 40 }, 0.6, 0.035],
    [{ nFft: 512, hopLength: 256, nBarks: 40 }, 0.3, 0.007],
    [{ nFft: 512, hopLength: 128, nBarks: 40, power: 1 }, 0.3, 0.027],
    [{ nFft: 512, hopLength: 64, nBarks: 40, power: 0.5 }, 0.3, 0.03],
    [{ nFft: 512, winLength: 400, hopLength: 100, nBarks: 30, barkScale: 'wang' }, 0.3, 0.034],
    [{ nFft: 512, hopLength: 128, nBarks: 30, barkScale: 'schroeder', windowFn: 'hamming' }, 0.3, 0.039],
    [{ nFft: 512, hopLength: 128, nBarks: 30, barkScale: 'traunmuller', filterbank: 'corrected' }, 0.3, 0.035],
    [{ nFft: 512, hopLength: 128, nBarks: 20, fMin: 200, fMax: 4000 }, 0.3, 0.031],
    [{ nFft: 512, hopLength: 128, nBarks: 30, pad: 100, padMode: 'constant' }, 0.3, 0.046],
    [{ nFft: 512, hopLength: 128, nBarks: 30, padMode: 'replicate' }, 0.3, 0.03],
    [{ nFft: 512, hopLength: 128, nBarks: 30, padMode: 'circular' }, 0.3, 0.048],
    [{ nFft: 512, hopLength: 128, nBarks: 30, center: false, windowFn: 'hamming' }, 0.3, 0.037],
    [{ nFft: 8192, hopLength: 2048, nBarks: 40, sampleRate: 192_000 }, 0.3, 0.025],
    [{ nFft: 64, hopLength: 16, nBarks: 1 }, 0.1, 0.025],
    [{ nFft: 64, hopLength: 16, nBarks: 60 }, 0.1, 0.064],
  ]
  for (const [some, seconds, bound] of cases) {
    const options = { ...some, iterations: 24, onWarning() {} }
    const what = JSON.stringify(some)
    const bark = await barkOf(voice(seconds, options.sampleRate), options)
    const { waveform, report } = await new InverseBarkSpectrogram(options).solve(bark)
    assert.ok(waveform.data.every(Number.isFinite), what)
    assert.equal(waveform.shape, [waveform.data.length])
    const again = await barkOf(waveform, options)
    assert.equal(again.shape, bark.shape, what)
    const off = distance(again.data, bark.data)
    assert.ok(off < bound, `${what}: ${off}`)
    // zeros at the ends, and what `circular` puts there, are samples of their own here, and are cut off
    const part = options.pad ? 0.1 : options.padMode === 'circular' ? 0.5 : 1e-3
    assert.ok(
      Math.abs(report.bandConvergence! - off) < part * off + 1e-6,
      `${what}: ${off}, told ${report.bandConvergence}`,
    )
  }
})

test('each of eight channels, and of batches in batches, has the bits of its own run', async () => {
  const barks: Tensor[] = []
  for (let i = 0; i < 8; i++) {
    const data = sound.data.map((x, t) => x * Math.sin(t / (20 + i)) * 10 ** -i)
    barks.push(await barkOf({ data, shape: [data.length] }, small))
  }
  const options: InverseBarkSpectrogramOptions = { ...small, phase: 'random', seed: 3 }
  const alone: Float32Array[] = []
  for (const bark of barks) alone.push(await solve(bark, options))
  const length = alone[0]!.length
  for (const [count, lead] of [
    [8, [8]],
    [6, [2, 3]],
    [6, [1, 6, 1]],
  ] as const) {
    const { waveform, report } = await new InverseBarkSpectrogram(options).solve(
      stacked(barks.slice(0, count), ...lead),
    )
    assert.equal(waveform.shape, [...lead, length])
    for (let i = 0; i < count; i++) {
      assert.is(distance(waveform.data.subarray(i * length, (i + 1) * length), alone[i]!), 0, `${lead}: ${i}`)
    }
    assert.ok(report.bandConvergence! > 0)
  }
})

test('silence, in whole or in part, is silence', async () => {
  const quiet = { data: new Float32Array(16 * 9), shape: [16, 9] }
  for (const method of ['joint', 'griffin-lim'] as const) {
    for (const solver of ['maxent', 'nnls'] as const) {
      const one = new InverseBarkSpectrogram({ ...small, method, solver })
      const { waveform, report } = await one.solve(quiet)
      assert.ok(waveform.data.length === 256 && waveform.data.every((x) => x === 0))
      assert.is(report.bandConvergence, 0)
      const data = sound.data.map((x, i) => (i > 1000 && i < 2200 ? 0 : x))
      const bark = await barkOf({ data, shape: [data.length] }, small)
      const broken = await one.forward(stacked([bark, { data: bark.data.map(() => 0), shape: bark.shape }], 2))
      const length = broken.shape[1]!
      // what only silent frames reach
      assert.ok(
        broken.data.subarray(1200, 2000).every((x) => x === 0),
        `${method} from ${solver}`,
      )
      assert.ok(broken.data.subarray(length).every((x) => x === 0))
      assert.ok(distance(broken.data.subarray(0, 1000), new Float32Array(1000)) > 1e-3)
    }
  }
})

test('a click stays a click', async () => {
  const data = new Float32Array(4096)
  data[1931] = 1
  const options = { nFft: 256, hopLength: 64, nBarks: 40, onWarning() {} }
  const bark = await barkOf({ data, shape: [4096] }, options)
  const out = await solve(bark, options)
  const energy = (from: number, to: number): number => out.subarray(from, to).reduce((sum, x) => sum + x * x, 0)
  // measured: 0.993 of it
  assert.ok(energy(1931 - 8, 1931 + 9) > 0.98 * energy(0, 4096))
})

test('bands times a power of four are a sound times a power of two, to the bit', async () => {
  for (const [power, by, times] of [
    [2, 4, 2],
    [2, 2 ** -80, 2 ** -40],
    [2, 2 ** 60, 2 ** 30],
    [1, 4, 4],
    [1, 2 ** -40, 2 ** -40],
  ] as const) {
    const options = { ...small, power }
    const bark = await barkOf(sound, options)
    const plain = await solve(bark, options)
    assert.equal(
      await solve(scaled(bark, by), options),
      plain.map((x) => x * times),
      `power ${power}, ${by}`,
    )
  }
})

test('the scaling of spectra is undone', async () => {
  const options: InverseBarkSpectrogramOptions = { ...small, phase: 'random' }
  const plain = await solve(await barkOf(sound, options), options)
  for (const normalized of [true, 'window', 'frame_length'] as const) {
    const other = { ...options, normalized }
    const off = distance(await solve(await barkOf(sound, other), other), plain)
    // rounding, which the iterations amplify
    assert.ok(off < 1e-3, `${normalized}: ${off}`)
  }
})

test('seeds', async () => {
  const bark = await barkOf(sound, small)
  for (const phase of ['pghi', 'random', 'zero'] as const) {
    const one = new InverseBarkSpectrogram({ ...small, phase, seed: 1 })
    const first = await one.forward(bark)
    assert.equal((await one.forward(bark)).data, first.data)
    assert.equal(await solve(bark, { ...small, phase, seed: 1 }), first.data)
    const other = (await one.forward(bark, { seed: 2 })).data
    assert.equal(other, await solve(bark, { ...small, phase, seed: 2 }))
    // where nothing is 80 dB under the loudest, no phase is random
    if (phase === 'random') assert.ok(distance(other, first.data) > 0.1)
    if (phase === 'zero') assert.equal(other, first.data)
  }
  const start = new InverseBarkSpectrogram({ ...small, phase: 'zero', solver: 'sgd', iterations: 0, seed: 1 })
  const drawn = (await start.forward(bark)).data
  assert.ok(distance((await start.forward(bark, { seed: 2 })).data, drawn) > 1e-3)
  assert.equal((await start.forward(bark, { seed: 1 })).data, drawn)
})

test('the pitch takes eight iterations, and more than one frame', async () => {
  const bark = await barkOf(sound, small)
  for (const iterations of [0, 1, 7, 8, 9]) {
    const { waveform, report } = await new InverseBarkSpectrogram({ ...small, iterations }).solve(bark)
    const without = await solve(bark, { ...small, iterations, pitch: false })
    assert.is(report.iterations, iterations)
    assert.is(distance(waveform.data, without) > 0, iterations >= 8, `${iterations}`)
    assert.is(report.stages.pitch > 0, iterations >= 8)
  }
  const one = { data: new Float32Array(16).fill(1), shape: [16, 1] }
  const { waveform, report } = await new InverseBarkSpectrogram({
    ...small,
    center: false,
    windowFn: 'ones' as never,
  }).solve(one)
  assert.is(waveform.data.length, 128)
  assert.ok(report.bandConvergence! < 0.05)
})

test('griffin-lim keeps its magnitudes: those of each solver', async () => {
  const bark = await barkOf(sound, { ...small, power: 1 })
  const [, frames] = bark.shape as [number, number]
  for (const solver of ['nnls', 'sgd', 'maxent'] as const) {
    const options: InverseBarkSpectrogramOptions = { ...small, power: 1, method: 'griffin-lim', solver, phase: 'zero' }
    const { nBarks, sampleRate, onWarning } = small
    const scale = new InverseBarkScale({ nStft: 65, nBarks, sampleRate, onWarning, solver } as never)
    const { data } = await scale.forward(bark)
    const spectra = Array.from({ length: frames }, (_, t) => {
      const re = Float64Array.from({ length: 65 }, (_, f) => data[f * frames + t]!)
      return { re, im: new Float64Array(65) }
    })
    const start = await solve(bark, { ...options, iterations: 0 })
    const exact = signalOf(new JointCase(options).framing(frames, start.length), spectra)
    const off = distance(start, exact.subarray(64, 64 + start.length))
    // maximum entropy of the class has another prior
    if (solver !== 'maxent') assert.ok(off < 1e-5, `${solver}: ${off}`)
    else assert.ok(off > 1e-3 && off < 1, `${off}`)
    const plain = await solve(bark, options)
    assert.equal(await solve(bark, { ...options, pitch: false, bandTolerance: 0.5 }), plain)
    const joint = await new InverseBarkSpectrogram({ ...options, method: 'joint' }).solve(bark)
    const held = await new InverseBarkSpectrogram(options).solve(bark)
    // measured: 0.48 to 0.59 of it
    assert.ok(joint.report.bandConvergence! < 0.7 * held.report.bandConvergence!, solver)
    assert.equal([held.report.method, held.report.solver, joint.report.method], ['griffin-lim', solver, 'joint'])
  }
})

test('with a tolerance bands are missed by about as much', async () => {
  const bark = await barkOf(sound, small)
  const noisy = { data: bark.data.map((x, i) => x * (1 + 0.3 * Math.sin(i * i))), shape: bark.shape }
  const misses: number[] = []
  for (const bandTolerance of [0, 0.1, 0.3]) {
    const { report } = await new InverseBarkSpectrogram({ ...small, bandTolerance, iterations: 40 }).solve(noisy)
    misses.push(report.bandConvergence!)
  }
  // measured: 0.064, 0.109, 0.189
  assert.ok(1.3 * misses[0]! < misses[1]! && 1.3 * misses[1]! < misses[2]!, `${misses}`)
})

test.run()
