/** Phase gradient heap integration: against the book's, and against the phases of signals. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pghi } from './oracle/pghi.ts'
import { type Random, random } from './oracle/random.ts'
import { binsOf, HANN, phasesOf, randomPhases, soundOf, transform } from './pghi-block.ts'

/** How far apart phases are, in turns. */
const apart = (a: number, b: number): number => Math.abs(a - b - Math.round(a - b))

/** Magnitudes in an order without ties: each in a bucket of its own, an eighth of a decibel wide; some are zero. */
function ladder(r: Random, size: number, zeros: number): Float32Array {
  const rungs = Array.from({ length: size }, (_, i) => i)
  for (let i = size - 1; i > 0; i--) {
    const j = r.below(i + 1)
    const rung = rungs[i]!
    rungs[i] = rungs[j]!
    rungs[j] = rung
  }
  return Float32Array.from(rungs, (rung) => {
    if (rung > 0 && r.uniform() < zeros) return 0
    return 3 * 2 ** (-(rung === 0 ? 0 : rung + 0.3 + 0.4 * r.uniform()) / 48)
  })
}

const LENGTHS = [1, 2, 3, 4, 5, 6, 7, 9, 16, 25, 64, 81]
const FRAMES = [1, 2, 3, 4, 5, 7, 8, 9, 12, 17, 33]

test('phases of any magnitudes without ties are those of a heap, at every length, with holes and faint bins', () => {
  const r = random(1)
  let worst = 0
  let phased = 0
  for (const n of LENGTHS) {
    for (const frames of FRAMES) {
      const size = binsOf(n) * frames
      const power = [0.5, 1, 1.7, 2][r.below(4)]!
      const hop = 1 + r.below(n)
      const gamma = n ** 2 * (0.1 + 0.5 * r.uniform())
      const spectra = ladder(r, size, [0, 0.1, 0.5][r.below(3)]!).map((x) => x ** power)
      const least = spectra[r.below(size)]! || 1e-30
      const got = phasesOf(spectra, { n, hop, frames, gamma, power, least })
      const magnitudes = Float64Array.from(spectra, (x) => x ** (1 / power))
      const want = pghi({ n, hop, gamma, frames, magnitudes, least: Math.fround(least) ** (1 / power), power })
      const noise = randomPhases(binsOf(n), frames, 1, 0)
      for (let i = 0; i < size; i++) {
        assert.ok(got[i]! >= -0.5 && got[i]! < 0.5)
        if (spectra[i]! > 0 && spectra[i]! >= least) {
          phased++
          worst = Math.max(worst, apart(got[i]!, want[i]!))
        } else assert.is(got[i], noise[i], `n ${n}, ${frames} frames, ${i}`)
      }
      // measured: 6e-6, of float32 logarithms
      assert.ok(worst < 5e-5, `n ${n}, ${frames} frames, hop ${hop}, power ${power}: ${worst}`)
    }
  }
  assert.ok(phased > 3000, `${phased} phased`)
})

test('known columns stay as they are, and the others go on from them as by a heap', () => {
  const r = random(2)
  for (const [n, frames, known] of [
    [16, 9, 1],
    [16, 9, 3],
    [25, 6, 5],
    [9, 4, 4],
    [1, 12, 2],
    [2, 8, 1],
  ] as const) {
    const size = binsOf(n) * frames
    const spectra = ladder(r, size, 0.2)
    const phases = Float32Array.from({ length: size }, (_, i) => (i % frames < known ? r.uniform() - 0.5 : Number.NaN))
    const settings = { n, hop: 1 + r.below(n), frames, gamma: HANN * n ** 2, power: 1, least: 1e-30, known }
    const got = phasesOf(spectra, { ...settings, phases })
    const want = pghi({ ...settings, magnitudes: Float64Array.from(spectra), phases: Float64Array.from(phases) })
    for (let i = 0; i < size; i++) {
      if (i % frames < known) assert.is(got[i], phases[i])
      else if (spectra[i]! > 0) assert.ok(apart(got[i]!, want[i]!) < 1e-4, `n ${n}, known ${known}, ${i}`)
    }
  }
})

test('equal magnitudes, all of them: every bin is reached, from a neighbour, by its frequency or half a turn', () => {
  for (const [n, frames, hop] of [
    [64, 21, 3],
    [15, 8, 15],
    [1, 5, 1],
    [65535, 2, 40000],
    [65536, 3, 65535],
  ] as const) {
    const spectra = new Float32Array(binsOf(n) * frames).fill(0.7)
    const got = phasesOf(spectra, { n, hop, frames })
    let starts = 0
    for (let i = 0; i < got.length; i++) {
      const f = Math.floor(i / frames)
      const t = i % frames
      const isFrom = (is: boolean, j: number, step: number): boolean => is && apart(got[i]! - got[j]!, step) < 1e-6
      const isTime = isFrom(t > 0, i - 1, (hop * f) / n) || isFrom(t < frames - 1, i + 1, (-hop * f) / n)
      const isFrequency = isFrom(f > 0, i - frames, 1 / 2) || isFrom(i + frames < got.length, i + frames, 1 / 2)
      if (!isTime && !isFrequency) starts++
    }
    assert.ok(starts === 0, `n ${n}: ${starts} from nowhere`)
  }
})

/** Most that a step in time, and in frequency, is off the transform's own, among the bins within `range` of the peak. */
function stepsOff(phases: ArrayLike<number>, own: ReturnType<typeof transform>, frames: number, range: number) {
  const least = Math.max(...own.magnitudes) * range
  const isIn = (i: number): boolean => own.magnitudes[i]! >= least
  let time = 0
  let frequency = 0
  let steps = 0
  for (let i = 0; i < phases.length; i++) {
    // the slope in time has no two sides at the edges
    const t = i % frames
    if (t < 2 || t > frames - 3 || !isIn(i)) continue
    steps++
    if (isIn(i - 1)) time = Math.max(time, apart(phases[i]! - phases[i - 1]!, own.phases[i]! - own.phases[i - 1]!))
    const j = i - frames
    if (j >= 0 && isIn(j)) {
      frequency = Math.max(frequency, apart(phases[i]! - phases[j]!, own.phases[i]! - own.phases[j]!))
    }
  }
  return { time, frequency, steps }
}
const AT = { n: 256, hop: 32, frames: 24 }

test('sinusoids, chirps and clicks, of even and odd lengths: along the ridge phases step as those of the signal', () => {
  const signals: Record<string, (j: number) => number> = {
    sinusoid: (j) => Math.cos(2 * Math.PI * 0.1234 * j + 1),
    chirp: (j) => Math.cos(2 * Math.PI * (0.06 * j + 0.00009 * j * j)),
    'falling chirp': (j) => Math.cos(2 * Math.PI * (0.4 * j - 0.00012 * j * j)),
    click: (j) => (j === 500 ? 1 : 0),
  }
  // measured, in turns: 0.0013, 0.012, 0.012 and 1e-7 a step in time, 5e-7, 0.046, 0.038 and 0.0067 in frequency
  const most: Record<string, [number, number]> = {
    sinusoid: [0.002, 1e-5],
    chirp: [0.02, 0.07],
    'falling chirp': [0.02, 0.06],
    click: [1e-5, 0.01],
  }
  for (const n of [256, 255]) {
    for (const [name, signal] of Object.entries(signals)) {
      const own = transform(signal, n, AT.hop, AT.frames)
      const least = Math.max(...own.magnitudes) * 1e-4
      const off = stepsOff(phasesOf(own.magnitudes, { ...AT, n, least }), own, AT.frames, 0.3)
      assert.ok(off.steps >= 40, `${off.steps} steps`)
      assert.ok(off.time < most[name]![0] && off.frequency < most[name]![1], `${name} of ${n}: ${JSON.stringify(off)}`)
    }
  }
})

/** Harmonics of a voice that glides, and clicks. */
const voice = (j: number): number => {
  let x = j % 1500 === 700 ? 2 : 0
  for (let h = 1; h < 9; h++) x += Math.cos(2 * Math.PI * h * (0.04 * j + 0.000002 * j * j) + h) / h
  return x
}

/** Phases block by block, a column of the block before known to each, the last column of each left to the next. */
function byBlocks(magnitudes: Float64Array, frames: number, block: number, settings: typeof AT, least: number) {
  const bins = binsOf(settings.n)
  const out = new Float64Array(bins * frames)
  const cut = (of: Float64Array, from: number, to: number): Float64Array =>
    Float64Array.from({ length: bins * (to - from) }, (_, i) => {
      return of[Math.floor(i / (to - from)) * frames + from + (i % (to - from))]!
    })
  for (let from = 0, known = 0; from + known < frames; known = 1) {
    const to = Math.min(frames, from + block)
    const width = to - from
    const columns = { ...settings, frames: width, first: from, known, least, seed: 7 }
    const got = phasesOf(cut(magnitudes, from, to), { ...columns, phases: cut(out, from, to) })
    const kept = to < frames ? width - 1 : width
    for (let i = 0; i < got.length; i++) {
      if (i % width < kept) out[Math.floor(i / width) * frames + from + (i % width)] = got[i]!
    }
    from += kept - 1
  }
  return out
}

test('a signal in blocks: steps across the borders are as those inside, faint bins the same bit for bit', () => {
  const frames = 60
  const own = transform(voice, AT.n, AT.hop, frames)
  const peak = Math.max(...own.magnitudes)
  const least = 1e-3 * peak
  const whole = phasesOf(own.magnitudes, { ...AT, frames, least, seed: 7 })
  const cut = byBlocks(own.magnitudes, frames, 13, AT, least)
  let inside = 0
  let border = 0
  const counts = [0, 0]
  for (let i = 0; i < cut.length; i++) {
    const t = i % frames
    if (own.magnitudes[i]! < least * 0.999) assert.is(cut[i], whole[i])
    if (t < 2 || own.magnitudes[i]! < 0.1 * peak || own.magnitudes[i - 1]! < 0.1 * peak) continue
    const off = apart(cut[i]! - cut[i - 1]!, own.phases[i]! - own.phases[i - 1]!)
    const isBorder = t % 11 === 1
    if (isBorder) border += off
    else inside += off
    counts[Number(isBorder)]!++
  }
  assert.ok(counts[0]! > 800 && counts[1]! > 70, `${counts}`)
  // measured: 0.0021 and 0.0016 of a turn on average
  assert.ok(inside / counts[0]! < 0.003, `inside ${inside / counts[0]!}`)
  assert.ok(border / counts[1]! < 0.003, `at borders ${border / counts[1]!}`)
})

test('the same for the same seed, others for another', () => {
  const { magnitudes } = transform(voice, 64, 16, 20)
  const at = { n: 64, hop: 16, frames: 20, least: 0.1 * Math.max(...magnitudes), seed: 3 }
  const first = phasesOf(magnitudes, at)
  assert.equal(phasesOf(magnitudes, at), first)
  const other = phasesOf(magnitudes, { ...at, seed: 4 })
  for (let i = 0; i < first.length; i++) assert.is(other[i] === first[i], magnitudes[i]! >= at.least, `${i}`)
})

test('all zero: random phases, whatever is least', () => {
  for (const least of [0, 1]) {
    const got = phasesOf(new Float32Array(33 * 10), { n: 64, hop: 16, frames: 10, least, seed: 9, first: 5 })
    assert.equal(got, randomPhases(33, 10, 9, 5))
  }
})

test('random phases are the same however frames are cut, uniform, and without relation', () => {
  const bins = 129
  const frames = 200
  const whole = randomPhases(bins, frames, 5, 1000)
  for (const from of [1, 3, 4, 77, 199]) {
    const part = randomPhases(bins, frames - from, 5, 1000 + from)
    for (let i = 0; i < part.length; i++) {
      const width = frames - from
      assert.is(part[i], whole[Math.floor(i / width) * frames + from + (i % width)])
    }
  }
  const counts = new Float64Array(64)
  for (const phase of whole) counts[Math.floor(64 * (phase + 0.5))]!++
  const each = whole.length / 64
  const chi = counts.reduce((sum, count) => sum + (count - each) ** 2 / each, 0)
  // 63 degrees of freedom: 1 in 10^6 lies outside
  assert.ok(chi > 20 && chi < 130, `${chi}`)
  const other = randomPhases(bins, frames, 6, 1000)
  /** Length of the mean of the differences, as directions: 1 / sqrt(count) where there is no relation. */
  const relation = (of: (i: number) => number): number => {
    let [re, im, count] = [0, 0, 0]
    for (let i = 0; i < whole.length; i++) {
      const turns = of(i)
      if (Number.isNaN(turns)) continue
      re += Math.cos(2 * Math.PI * turns)
      im += Math.sin(2 * Math.PI * turns)
      count++
    }
    return Math.hypot(re, im) / Math.sqrt(count)
  }
  assert.ok(relation((i) => whole[i]! - other[i]!) < 4, 'seeds')
  for (const by of [1, 2, 4, frames, frames + 1, 2 * frames]) {
    assert.ok(relation((i) => whole[i]! - (whole[i + by] ?? Number.NaN)) < 4, `cells ${by} apart`)
  }
})

test('sound made of these phases has the magnitudes they are of, far nearer than with zeros or random ones', () => {
  const { n, hop } = { n: 128, hop: 32 }
  const frames = 40
  const { magnitudes } = transform((j) => voice(2 * j), n, hop, frames)
  const off = (phases: ArrayLike<number>): number => {
    const sound = soundOf(magnitudes, phases, n, hop, frames)
    const again = transform((j) => sound[j] ?? 0, n, hop, frames).magnitudes
    const miss = again.reduce((sum, x, i) => sum + (x - magnitudes[i]!) ** 2, 0)
    return Math.sqrt(miss / magnitudes.reduce((sum, x) => sum + x * x, 0))
  }
  const [own, zero, noise] = [
    off(phasesOf(magnitudes, { n, hop, frames, least: 1e-6 * Math.max(...magnitudes) })),
    off(new Float32Array(magnitudes.length)),
    off(randomPhases(binsOf(n), frames, 1, 0)),
  ]
  // measured: 0.072, 0.85 and 0.64
  assert.ok(own < 0.1 && zero > 0.7 && noise > 0.5, `${own}, ${zero}, ${noise}`)
})

test.run()
