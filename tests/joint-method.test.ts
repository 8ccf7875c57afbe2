/** The joint method as a whole: its first iterations against float64, and how the frames are gone over. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { levelsOf } from '../src/backends/wasm/joint-levels.ts'
import { loadMagnitudes } from '../src/backends/wasm/joint-load.ts'
import { type PartHost, partOf, runPart } from '../src/backends/wasm/joint-part.ts'
import { Phases } from '../src/backends/wasm/joint-phases.ts'
import { JointRoom } from '../src/backends/wasm/joint-room.ts'
import { scheduleOf } from '../src/backends/wasm/joint-schedule.ts'
import { InverseBarkSpectrogram, type InverseBarkSpectrogramOptions } from '../src/index.ts'
import { readInverseBarkSpectrogram } from '../src/inverse-bark-spectrogram-options.ts'
import { distance } from './fixture.ts'
import { JointCase, list } from './joint-core.ts'
import { samplesOf, soundOf } from './joint-room.ts'
import { joint, lift } from './oracle/joint.ts'
import { maxent } from './oracle/maxent.ts'
import { combed, combOf, llr, peakOf, ripples, scoresOf, track } from './oracle/pitch.ts'
import { frame } from './oracle/problems.ts'
import type { Framing } from './oracle/stft.ts'
import { randomPhases } from './pghi-block.ts'
import { barkOf, voice } from './voice.ts'

interface Case extends InverseBarkSpectrogramOptions {
  nFft: number
  hopLength: number
  iterations: number
}

/** What the class gives, and float64 the same way; how far they are apart. */
async function judge(options: Case): Promise<number> {
  const bark = await barkOf(voice(0.12), options)
  const full = { ...options, phase: options.phase ?? 'zero', onWarning: () => {} } as const
  const { data } = await new InverseBarkSpectrogram(full).forward(bark)
  const one = new JointCase(full)
  const { edge, spec, bins } = one.room
  const frames = bark.shape[1]!
  const flat = full.phase === 'zero' ? undefined : randomPhases(bins, frames, options.seed ?? 0, 0)
  const phases = Array.from({ length: frames }, (_, t) => list(bins, (f) => flat?.[f * frames + t] ?? 0))
  const { iterations, bandTolerance: tolerance, power, pad } = spec
  const framing = one.framing(frames, data.length + 2 * pad)
  const bands = phases.map((_, t) => frame(bark, t))
  const method = { framing, power, tolerance, iterations, width: one.width }
  const heard = options.pitch ? hear(one, framing, bands) : undefined
  const exact = joint(one.bank, method, bands, phases, heard, pad).subarray(edge + pad, edge + pad + data.length)
  assert.ok(exact.some((x) => Math.abs(x) > 1e-3))
  return distance(data, exact)
}

/** Magnitudes with the pitch that is heard, in float64. */
function hear({ room, bank, width }: JointCase, framing: Framing, bands: Float32Array[]) {
  const { nFft, hop } = framing
  const { power, bank: spec } = room.spec
  const setting = { n: nFft, hop, sampleRate: spec.sampleRate, power, window: room.window }
  const lifted = lift(bank, bands)
  return (positions: Float64Array, start: Float64Array[]): Float64Array[] => {
    const known = ripples(bank, setting)
    const factor = combOf(setting)
    const peak = peakOf(bank, bands)
    const scores = lifted.map((b, t) => {
      const ratio = llr(known, bank, b, peak, power)
      return scoresOf(positions.subarray(t * hop, t * hop + nFft), ratio, setting)
    })
    const voice = track(scores)
    assert.ok(voice.voicing.some((v) => v > 0.5))
    return start.map((s, t) => maxent(bank, lifted[t]!, combed(s, t, voice, factor, width)).spectrum)
  }
}

const few = { nFft: 128, hopLength: 32, nBarks: 12 }
const many = { nFft: 512, hopLength: 128, nBarks: 90 }

test('the first iterations, without a pitch', async () => {
  const cases: Case[] = [
    { ...few, iterations: 0 },
    { ...few, iterations: 1 },
    { ...few, iterations: 6, power: 1 },
    { ...few, iterations: 6, power: 2, phase: 'random', seed: 5 },
    { ...few, iterations: 6, power: 0.7, padMode: 'constant' },
    { ...few, iterations: 10, power: 1, bandTolerance: 0.05, padMode: 'replicate' },
    { ...few, nFft: 99, hopLength: 30, iterations: 6, power: 1, phase: 'random' },
    { ...few, iterations: 6, power: 1, pad: 40, padMode: 'circular' },
    { ...few, iterations: 6, power: 1, center: false, phase: 'random', windowFn: 'hamming' },
    // alternating directions in the first quarter, or windows that overlap too little for them
    { ...many, iterations: 6, power: 1, phase: 'random' },
    { ...many, iterations: 12, power: 2, phase: 'random' },
    { ...many, iterations: 6, power: 1, hopLength: 256 },
  ]
  for (const options of cases) {
    const off = await judge({ ...options, pitch: false })
    // measured: at most 3e-6 from random phases; 2e-4 from phases of 0, which make pulses whose spectra cancel to nothing
    // between two of them, where rounding decides the phase
    assert.ok(off < (options.phase === 'random' ? 1e-5 : 5e-4), `${JSON.stringify(options)}: ${off}`)
  }
})

test('both stages, with the pitch between them', async () => {
  const cases: Case[] = [
    { ...many, iterations: 8, phase: 'random', power: 1 },
    { ...many, nBarks: 30, iterations: 8, phase: 'random', power: 2, padMode: 'constant' },
    { ...many, nBarks: 30, iterations: 9, phase: 'random', power: 1, padMode: 'replicate', pad: 50 },
    { ...many, nBarks: 30, iterations: 8, phase: 'random', power: 1, padMode: 'circular' },
    { ...many, nBarks: 30, iterations: 8, phase: 'random', power: 1, center: false, windowFn: 'hamming' },
  ]
  for (const options of cases) {
    const off = await judge({ ...options, pitch: true })
    // measured: at most 1.6e-6, and 1e-4 with power 2, where float32's maximum entropy about a comb ends so far off
    assert.ok(off < (options.power === 2 ? 5e-4 : 1e-5), `${JSON.stringify(options)}: ${off}`)
  }
})

const settings: InverseBarkSpectrogramOptions[] = [
  { nFft: 64, hopLength: 16, nBarks: 12, iterations: 11, pitch: false, phase: 'zero' },
  { nFft: 64, hopLength: 16, nBarks: 12, iterations: 11, sampleRate: 2000, phase: 'random' },
  { nFft: 63, hopLength: 20, nBarks: 10, iterations: 8, phase: 'random', padMode: 'constant', power: 1 },
  { nFft: 64, hopLength: 8, nBarks: 12, iterations: 5, phase: 'random', padMode: 'replicate' },
  { nFft: 64, hopLength: 5, nBarks: 12, iterations: 4, phase: 'random', padMode: 'circular', pad: 30 },
  { nFft: 64, hopLength: 50, nBarks: 12, iterations: 9, phase: 'random', center: false },
  { nFft: 512, hopLength: 128, nBarks: 90, iterations: 13, phase: 'random', power: 1 },
]

test('how the iterations follow each other over the frames changes no bit', async () => {
  for (const options of settings) {
    const bark = await barkOf(voice(options.nFft === 512 ? 2.2 : 0.32), options)
    const plain = soundOf(options, bark)
    assert.ok(plain.some((x) => x !== 0))
    for (const block of [1, 2, 5]) {
      const what = `${JSON.stringify(options)}, ${bark.shape[1]} frames, block ${block}`
      assert.is(distance(soundOf(options, bark, block), plain), 0, what)
    }
  }
})

test('a part and what its steps reach give the same bits as the whole', async () => {
  for (const options of settings) {
    const bark = await barkOf(voice(options.nFft === 512 ? 3 : 0.4), options)
    const spec = readInverseBarkSpectrogram({ onWarning: () => {}, ...options, pitch: false }).spec
    const room = new JointRoom(spec)
    const frames = bark.shape[1]!
    const groups = Math.ceil(frames / 4)
    const samples = samplesOf(room, frames) + 2 * spec.pad
    const levels = levelsOf(room, bark.data, 0, frames)
    const [steps] = scheduleOf(spec, room.bands, frames).stages
    const run = (
      from: number,
      to: number,
      short = 0,
    ): { first: number; last: number; samples: Map<number, number> } => {
      room.clear()
      const phases = new Phases(room, 7, levels.peak)
      const heard = new Map<number, number>()
      const host: PartHost = {
        load: (first, count) => {
          phases.turn()
          loadMagnitudes(
            room,
            { bark: bark.data, spectrogram: undefined, spectrogramScale: 1, time: frames, offset: 0 },
            levels,
            first,
            count,
          )
          phases.next(first, count, 0)
          return true
        },
        hear: () => {},
        keep: (at, values) => {
          for (const [i, x] of values.entries()) heard.set(at + i, x)
        },
      }
      const part = partOf(room, { frames, samples }, from, to, steps!.length)
      part.first += short
      for (const _ of runPart(room, part, steps!, host));
      return { first: part.first, last: part.last, samples: heard }
    }
    const whole = run(0, groups)
    assert.is(whole.samples.size, samples)
    let inside = 0
    let missed = 0
    const middle = groups >> 1
    for (const [from, to] of [
      [0, 3],
      [middle, middle + 1],
      [middle - 2, middle + 4],
      [groups - 3, groups],
    ] as const) {
      const part = run(from, to)
      const what = `${JSON.stringify(options)}: ${from} to ${to} of ${groups}, by ${part.first} to ${part.last}`
      assert.ok(part.samples.size > 0, what)
      for (const [at, x] of part.samples) assert.is(x, whole.samples.get(at), `${what}, at ${at}`)
      if (part.first === 0 || part.last === groups) continue
      inside++
      for (const [at, x] of run(from, to, (from - part.first) >> 1).samples) if (x !== whole.samples.get(at)) missed++
    }
    // with half of what they reach it is something else
    assert.ok(missed > 0, JSON.stringify(options))
    assert.ok(inside > 0, `${JSON.stringify(options)}: no part is inside of ${groups} groups`)
  }
})

test.run()
