/**
 * The joint method in float64, by its definitions: frames of a signal with what lies beyond its ends, the signal nearest
 * to spectra, the smooth prior, the band step, and the iterations.
 */
import { areas, atBin, type Bank, bandsOf, gram, solveTridiagonal } from './bank.ts'
import { maxent } from './maxent.ts'

export interface Framing {
  nFft: number
  hop: number
  window: ArrayLike<number>
  center: boolean
  padMode: 'reflect' | 'constant' | 'replicate' | 'circular'
  frames: number
  /** Of the signal, zeros at its ends included. */
  samples: number
}

export interface Spectrum {
  re: Float64Array
  im: Float64Array
}

/** Positions, from the first frame's beginning to the last one's end. */
export const lengthOf = ({ nFft, hop, frames }: Framing): number => (frames - 1) * hop + nFft

/** Which sample is at each position; -1 for a zero. What `circular` wraps around is free, a sample of its own. */
export function sources(framing: Framing): Int32Array {
  const { nFft, center, padMode, samples } = framing
  const edge = center ? Math.floor(nFft / 2) : 0
  return Int32Array.from({ length: lengthOf(framing) }, (_, m) => {
    const i = m - edge
    if (!center || padMode === 'circular') return m
    if (i >= 0 && i < samples) return i
    if (padMode === 'constant') return -1
    if (padMode === 'replicate') return i < 0 ? 0 : samples - 1
    return i < 0 ? -i : 2 * (samples - 1) - i
  })
}

/** The window, centred in the frame. */
function frameWindow({ nFft, window }: Framing): Float64Array {
  const out = new Float64Array(nFft)
  out.set(Float64Array.from(window), Math.floor((nFft - window.length) / 2))
  return out
}

/** Spectra of the frames that begin at multiples of the hop. */
export function spectraOf(framing: Framing, positions: ArrayLike<number>): Spectrum[] {
  const { nFft, hop, frames } = framing
  const w = frameWindow(framing)
  const [cos, sin] = roots(nFft)
  const bins = Math.floor(nFft / 2) + 1
  return Array.from({ length: frames }, (_, t) => {
    const re = new Float64Array(bins)
    const im = new Float64Array(bins)
    for (let f = 0; f < bins; f++) {
      for (let j = 0; j < nFft; j++) {
        const x = w[j]! * positions[t * hop + j]!
        re[f]! += x * cos[(f * j) % nFft]!
        im[f]! -= x * sin[(f * j) % nFft]!
      }
    }
    return { re, im }
  })
}

/** The signal whose spectra are nearest, at every position: where two are one sample, so are their sums. */
export function signalOf(framing: Framing, spectra: Spectrum[]): Float64Array {
  const { nFft, hop } = framing
  const w = frameWindow(framing)
  const [cos, sin] = roots(nFft)
  const source = sources(framing)
  const sum = new Float64Array(Math.max(...source) + 1)
  const energy = new Float64Array(sum.length)
  for (const [t, { re, im }] of spectra.entries()) {
    for (let j = 0; j < nFft; j++) {
      const at = source[t * hop + j]!
      if (at < 0) continue
      let x = 0
      for (let f = 0; f < re.length; f++) {
        const angle = (f * j) % nFft
        x += weightOf(f, nFft) * (re[f]! * cos[angle]! - im[f]! * sin[angle]!)
      }
      sum[at]! += (w[j]! * x) / nFft
      energy[at]! += w[j]! ** 2
    }
  }
  return Float64Array.from(source, (at) => (at >= 0 && energy[at]! >= 1e-11 ? sum[at]! / energy[at]! : 0))
}

/** Bins between 0 and half the rate stand for two. */
export const weightOf = (f: number, nFft: number): number => (f === 0 || 2 * f === nFft ? 1 : 2)

function roots(n: number): [cos: Float64Array, sin: Float64Array] {
  const angles = Float64Array.from({ length: n }, (_, i) => (2 * Math.PI * i) / n)
  return [angles.map(Math.cos), angles.map(Math.sin)]
}

const coverOf = ({ nBins, lower, upper }: Bank): Float64Array =>
  Float64Array.from({ length: nBins }, (_, f) => lower[f]! + upper[f]!)

/**
 * Band averages, interpolated in logarithms, and less where bands say little.
 * @param width Hz from a bin to the next
 * @param least of an average
 */
export function prior(bank: Bank, b: ArrayLike<number>, width: number, least: number): Float64Array {
  const sums = areas(bank)
  const some = [...sums.keys()].filter((k) => sums[k]! > 0)
  const logs = sums.map((sum, k) => (sum > 0 ? Math.log(Math.max(least, b[k]! / sum)) : 0))
  const cover = coverOf(bank)
  const held = [...cover.keys()].filter((f) => cover[f]! > 0)
  const nearest = (f: number): number =>
    held.reduce((best, g) => (Math.abs(g - f) < Math.abs(best - f) ? g : best), held[0]!)
  const full = cover.findIndex((c) => c > 0.999)
  const hasEdge = full > 0 && some.length >= 2
  const rises = Array.from({ length: Math.max(0, full) }, (_, f) => cover[f + 1]! - cover[f]!)
  const side = width / Math.max(...rises, 0)
  const low = side < 30 && hasEdge ? Math.min(1, Math.exp(logs[some[0]!]! - logs[some[1]!]!)) ** 4 : 0
  return cover.map((c, f) => {
    const g = c > 0 ? f : nearest(f)
    const smooth = Math.exp(atBin(bank, logs, g) / cover[g]!)
    const factor = hasEdge && f < full ? Math.max(low, Math.min(1, (c * side) / Math.min(side, 45))) : c
    return smooth * Math.max(0.02, factor)
  })
}

export interface BandStep {
  power: number
  pull: number
  /** By what part of itself a band may be missed. */
  tolerance: number
}

/** One Newton step to the magnitudes nearest by chi-square that give the bands, with the phases at hand. */
export function bandStep(
  bank: Bank,
  { power, pull, tolerance }: BandStep,
  b: ArrayLike<number>,
  s0: ArrayLike<number>,
  { re, im }: Spectrum,
): Spectrum {
  const size = re.map((x, f) => Math.hypot(x, im[f]!))
  const v = size.map((m, f) => (1 - pull) * Math.max(m ** power, 1e-8 * s0[f]!) + pull * s0[f]!)
  const miss = bandsOf(bank, v).map((y, k) => {
    const slack = tolerance * b[k]!
    return b[k]! - y - Math.max(-slack, Math.min(slack, b[k]! - y))
  })
  const { diagonal, off } = gram(bank, (f) => v[f]!)
  // a band without bins has a row of zeros
  const l = solveTridiagonal({ diagonal: diagonal.map((d) => d * (1 + 1e-6) || 1), off }, miss)
  const by = v.map((x, f) => (x * Math.max(1 / 8, 1 + atBin(bank, l, f))) ** (1 / power) / (size[f]! || 1))
  return { re: re.map((x, f) => x * by[f]!), im: im.map((x, f) => x * by[f]!) }
}

export interface Method {
  framing: Framing
  power: number
  tolerance: number
  iterations: number
  /** Hz from a bin to the next. */
  width: number
}

/** Magnitudes to start from, to the power: maximum entropy about the prior. `bark` is [frame][band]. */
export function startOf(bank: Bank, bark: ArrayLike<number>[], width: number): Float64Array[] {
  const lifted = lift(bank, bark)
  const sums = areas(bank)
  const top = Math.max(...bark.flatMap((b) => [...sums].map((sum, k) => (sum > 0 ? b[k]! / sum : 0))))
  return lifted.map((b) => maxent(bank, b, prior(bank, b, width, 1e-12 * top)).spectrum)
}

/** Bands, at least 1e-12 of the greatest of all that have bins. */
export function lift(bank: Bank, bark: ArrayLike<number>[]): Float64Array[] {
  const sums = areas(bank)
  const top = Math.max(...bark.flatMap((b) => [...sums].map((sum, k) => (sum > 0 ? b[k]! : 0))))
  return bark.map((b) => Float64Array.from(b, (x) => Math.max(x, 1e-12 * top)))
}

/**
 * The waveform at every position. `phases` are [frame][bin], in turns.
 * @param hear makes of the signal after the first stage, at every position, and of the magnitudes to start from those to
 *   go on with
 * @param pad zeros at either end, among the signal's samples
 */
export function joint(
  bank: Bank,
  method: Method,
  bark: ArrayLike<number>[],
  phases: ArrayLike<number>[],
  hear?: (positions: Float64Array, start: Float64Array[]) => Float64Array[],
  pad = 0,
): Float64Array {
  const { framing, power, iterations: n, tolerance, width } = method
  let s0 = startOf(bank, bark, width)
  const targets = lift(bank, bark)
  const cover = coverOf(bank)
  const bands = areas(bank).filter((sum) => sum > 0).length
  const duals = bands >= 64 && 4 * framing.hop <= framing.window.length ? Math.floor(n / 4) : 0
  const P = (c: Spectrum[], pull: number): Spectrum[] =>
    c.map((x, t) => bandStep(bank, { power, pull, tolerance }, targets[t]!, s0[t]!, x))
  const project = (c: Spectrum[]): Spectrum[] => spectraOf(framing, signalOf(framing, c))
  let c: Spectrum[] = s0.map((s, t) => {
    const angles = Float64Array.from(phases[t]!, (x) => 2 * Math.PI * x)
    return {
      re: s.map((x, f) => x ** (1 / power) * Math.cos(angles[f]!)),
      im: s.map((x, f) => x ** (1 / power) * Math.sin(angles[f]!)),
    }
  })
  let T = c
  let before: Spectrum[] | undefined
  let U: Spectrum[] = c.map((x) => ({ re: x.re.map(() => 0), im: x.im.map(() => 0) }))
  const cut = hear ? duals || (n >= 64 ? 16 : Math.round(0.375 * n)) : n
  for (let k = 0; k < n; k++) {
    if (hear && k === cut) {
      const y = signalOf(framing, P(T, 0))
      s0 = hear(y, s0)
      c = spectraOf(framing, again(framing, y, pad))
      before = undefined
    }
    const X = P(c, 0.1 * (k < cut ? 1 - k / cut : 1 - (k - cut) / (n - cut)))
    if (k < duals) {
      const V = mix(X, U, (x, u) => x + u)
      T = project(V)
      U = mix(V, T, (v, s) => (v - s) / 1.1)
      c = k === duals - 1 ? T : mix(V, U, (v, u) => v - 2 * u)
    } else {
      T = project(X)
      const momentum = k < 0.8 * n ? 0.99 : 0.8
      c = before ? mix(T, before, (x, y, f) => x + momentum * cover[f]! * (x - y)) : T
      before = T
    }
  }
  return signalOf(framing, P(T, 0))
}

/** A signal cut out, with what a Spectrogram has around it. */
function again({ nFft, center, padMode, samples: n }: Framing, positions: Float64Array, pad: number): Float64Array {
  const edge = center ? Math.floor(nFft / 2) : 0
  const at = (i: number): number => (i < pad || i >= n - pad ? 0 : positions[edge + i]!)
  return positions.map((_, m) => {
    const i = m - edge
    if (i >= 0 && i < n) return at(i)
    if (padMode === 'constant') return 0
    if (padMode === 'replicate') return at(i < 0 ? 0 : n - 1)
    if (padMode === 'circular') return at((i + n) % n)
    return at(i < 0 ? -i : 2 * (n - 1) - i)
  })
}

function mix(a: Spectrum[], b: Spectrum[], of: (a: number, b: number, f: number) => number): Spectrum[] {
  return a.map((x, t) => ({
    re: x.re.map((v, f) => of(v, b[t]!.re[f]!, f)),
    im: x.im.map((v, f) => of(v, b[t]!.im[f]!, f)),
  }))
}
