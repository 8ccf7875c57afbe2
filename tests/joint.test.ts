/** The joint method's way between frames and signals, and its prior, in the core against float64. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { InverseBarkSpectrogramOptions } from '../src/inverse-bark-spectrogram-options.ts'
import { distance } from './fixture.ts'
import { banks, JointCase, list, noise, STEP, sizes, turns } from './joint-core.ts'
import { prior } from './oracle/joint.ts'
import { random } from './oracle/random.ts'
import { type Framing, type Spectrum, signalOf, sources, spectraOf, weightOf } from './oracle/stft.ts'

interface Way extends InverseBarkSpectrogramOptions {
  nFft: number
  hopLength: number
  frames: number
  /** Samples beyond what so many frames take. */
  more?: number
}

/** Even and odd transforms, hops that divide nothing, windows shorter than frames, signals of barely one window. */
const ways: Way[] = [
  { nFft: 32, hopLength: 8, frames: 11 },
  { nFft: 32, hopLength: 16, frames: 7, more: 15 },
  { nFft: 33, hopLength: 11, frames: 9, more: 4 },
  { nFft: 45, hopLength: 7, frames: 12, more: 6 },
  { nFft: 30, hopLength: 13, frames: 5, more: 12 },
  { nFft: 32, winLength: 20, hopLength: 6, frames: 13, more: 3 },
  { nFft: 27, winLength: 14, hopLength: 5, frames: 10, more: 1 },
  { nFft: 32, hopLength: 8, frames: 3, more: 1 },
  { nFft: 32, hopLength: 8, frames: 4 },
  { nFft: 32, hopLength: 20, frames: 2 },
  { nFft: 33, hopLength: 9, frames: 3, more: 3 },
  { nFft: 6, hopLength: 1, frames: 21 },
  { nFft: 15, hopLength: 3, frames: 8, windowFn: 'hamming', pad: 5 },
]

function* transforms(): Generator<{ what: string; one: JointCase; framing: Framing; edge: number }> {
  for (const padMode of ['reflect', 'constant', 'replicate', 'circular', 'none'] as const) {
    for (const { frames, more = 0, ...options } of ways) {
      const center = padMode !== 'none'
      const mode = padMode === 'none' ? 'reflect' : padMode
      const one = new JointCase({ nBarks: 4, power: 1, method: 'griffin-lim', ...options, center, padMode: mode })
      const { nFft, hopLength } = options
      const { edge } = one.room
      const samples = (frames - 1) * hopLength + nFft - 2 * edge + more
      if (padMode === 'reflect' && samples <= edge) continue
      const what = `${JSON.stringify(options)}, ${frames} frames of ${samples} samples, ${padMode}`
      yield { what, one, framing: one.framing(frames, samples), edge }
    }
  }
}

test('from a signal to its spectra and back', () => {
  let count = 0
  for (const { what, one, framing, edge } of transforms()) {
    const r = random(++count)
    const source = sources(framing)
    const x = list(Math.max(...source) + 1, () => r.normal())
    const signal = Float64Array.from(source, (at) => (at < 0 ? 0 : x[at]!))
    const spectra = spectraOf(framing, signal)
    const out = one.after(framing, { spectra: sizes(spectra), phases: turns(spectra) }, [STEP])
    const exact = signalOf(framing, spectra)
    // where only the first samples of one window reach, 1e-3 of its middle, rounding weighs as much more
    const ends = distance(out, exact)
    assert.ok(ends < 1e-4, `${what}: ${ends} from float64 at the ends`)
    // centred, every sample is reached; without, Hann's first is 0
    const first = framing.center ? edge : Math.ceil((framing.nFft - (3 / 4) * framing.window.length) / 2)
    const last = framing.center ? edge + framing.samples : out.length - first
    const off = distance(out.subarray(first, last), signal.subarray(first, last))
    assert.ok(off < 1e-6, `${what}: ${off}`)
  }
  assert.ok(count > 55, `${count}`)
})

test('there and back is the orthogonal projection, edges included', () => {
  let count = 0
  for (const { what, one, framing } of transforms()) {
    const r = random(100 + ++count)
    const bins = one.bank.nBins
    const projected = [noise(r, framing.frames, bins), noise(r, framing.frames, bins)].map((c) => {
      const signal = one.after(framing, { spectra: sizes(c), phases: turns(c) }, [STEP])
      assert.ok(distance(signal, signalOf(framing, c)) < 1e-6, `${what}: ${distance(signal, signalOf(framing, c))}`)
      return { c, p: spectraOf(framing, signal) }
    })
    const [{ c, p }, { p: d }] = projected as [(typeof projected)[0], (typeof projected)[0]]
    const rest = c.map(({ re, im }, t) => ({
      re: re.map((x, f) => x - p[t]!.re[f]!),
      im: im.map((x, f) => x - p[t]!.im[f]!),
    }))
    const off = inner(rest, d, framing) / Math.sqrt(inner(rest, rest, framing) * inner(d, d, framing))
    // float32's rounding; without the fold at the ends it is 1e-3 to 1e-1
    assert.ok(Math.abs(off) < 1e-6, `${what}: ${off}`)
  }
})

function inner(a: Spectrum[], b: Spectrum[], { nFft }: Framing): number {
  let sum = 0
  for (const [t, { re, im }] of a.entries()) {
    for (let f = 0; f < re.length; f++) {
      sum += weightOf(f, nFft) * (re[f]! * b[t]!.re[f]! + im[f]! * b[t]!.im[f]!)
    }
  }
  return sum
}

test('samples that no frame reaches are 0', () => {
  const one = new JointCase({ nFft: 16, hopLength: 8, nBarks: 4, power: 1, center: false })
  const framing = one.framing(3, 39)
  const c = noise(random(5), 3, 9)
  const out = one.after(framing, { spectra: sizes(c), phases: turns(c) }, [STEP])
  assert.is(out.length, 32)
  const at = one.room.core.jointSignal(one.room.state) / 4
  assert.equal([...one.room.memory.floats.subarray(at + 32, at + 39)], [0, 0, 0, 0, 0, 0, 0])
})

test('the prior', () => {
  const narrow = new Set<boolean>()
  for (const options of banks) {
    const one = new JointCase(options)
    const r = random(options.nFft + options.nBarks!)
    const bark = Array.from({ length: 6 }, (_, t) =>
      list(options.nBarks!, (k) => (t === 5 && k % 3 === 0 ? 0 : Math.exp(3 * r.normal()))),
    )
    // rumble: the first bands rise or fall
    for (const [k, by] of [1e3, 30, 1].entries()) if (k < options.nBarks!) bark[4]![k]! *= by
    const least = 1e-5
    const what = JSON.stringify(options)
    for (const [t, s] of one.prior(bark, least).entries()) {
      const exact = prior(one.bank, bark[t]!, one.width, least)
      const worst = s.reduce((most, x, f) => Math.max(most, Math.abs(x / exact[f]! - 1)), 0)
      assert.ok(worst < 2e-5, `${what}, frame ${t}: ${worst}`)
    }
    const shape = prior(one.bank, bark[4]!, one.width, least)
    narrow.add(shape[0]! > 0.05 * shape[one.bank.nBins >> 3]!)
  }
  assert.is(narrow.size, 2)
})

test.run()
