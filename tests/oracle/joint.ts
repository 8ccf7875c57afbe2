/**
 * The joint method in float64, by its definitions: the smooth prior, the band step, and the iterations.
 */
import { areas, atBin, type Bank, bandsOf, gram, solveTridiagonal } from './bank.ts'
import { maxent } from './maxent.ts'
import { again, type Framing, type Spectrum, signalOf, spectraOf } from './stft.ts'

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

function mix(a: Spectrum[], b: Spectrum[], of: (a: number, b: number, f: number) => number): Spectrum[] {
  return a.map((x, t) => ({
    re: x.re.map((v, f) => of(v, b[t]!.re[f]!, f)),
    im: x.im.map((v, f) => of(v, b[t]!.im[f]!, f)),
  }))
}
