/**
 * Pitch from bands and waveform, in float64 and by the definitions:
 *
 * - bands: L_k = log(B_k / sum F_k / peak + 1e-4^p) / p is a Gaussian process over the Bark scale, and harmonics of f0 add
 *   the ripple G to it; log-likelihood ratio L' Q G - G' Q G / 2, Q the inverse covariance;
 * - frames: the autocorrelation of the windowed frame over its own at 0 and the window's;
 * - track: the way through the candidates with the most score, found by asking every pair of candidates;
 * - comb: main lobes at the harmonics over their mean.
 */
import { areas, type Bank, bandsOf } from './bank.ts'

export const F0 = Float64Array.from({ length: 95 }, (_, i) => 65 * 1.02 ** i)

export interface Setting {
  n: number
  hop: number
  sampleRate: number
  power: number
  window: Float32Array
}

const clip = (x: number, least: number, most: number): number => Math.min(most, Math.max(least, x))

/** Deviation of the main lobe in Hz: 0.72 rate / length for Hann, others by the deviation of their square. */
export function lobe({ sampleRate, window }: Setting): number {
  const length = window.length
  const squares = window.map((x) => x * x)
  const energy = squares.reduce((sum, x) => sum + x, 0)
  const moment = (about: number, order: number): number =>
    squares.reduce((sum, x, i) => sum + x * (i - about) ** order, 0) / energy
  const variance = energy > 0 ? moment(moment(0, 1), 2) : 0
  // that of cos^4, -1/2 to 1/2
  const hann = Math.sqrt(1 / 12 - 5 / (8 * Math.PI ** 2)) * length
  return ((0.72 * sampleRate) / length) * (hann / Math.sqrt(Math.max(variance, 1 / 12)))
}

/** Harmonics of f0 at f Hz over their mean, with the tooth counted as the nearest given. */
export function comb(f: number, f0: number, power: number, width: number, low: number, nearest?: number): number {
  const h = nearest ?? Math.max(1, Math.round(f / f0))
  let g = 0
  for (const tooth of [h - 1, h, h + 1]) if (tooth > 0) g += Math.exp(-0.5 * ((f - tooth * f0) / width) ** 2)
  return (g ** power + low ** power) / ((Math.sqrt((2 * Math.PI) / power) * width) / f0 + low ** power)
}

/** The bands that are asked, and G and Q G of every candidate. */
export interface Ripples {
  bands: number[]
  G: Float64Array[]
  QG: Float64Array[]
}

export function ripples(bank: Bank, setting: Setting): Ripples {
  const { n, sampleRate, power } = setting
  const sums = areas(bank)
  const hz = Float64Array.from({ length: bank.nBins }, (_, f) => (f * sampleRate) / n)
  const centres = bandsOf(bank, hz).map((x, k) => x / sums[k]!)
  const all = [...sums.keys()].filter((k) => sums[k]! > 0)
  const bands = all.filter((k) => centres[k]! < 3000)
  const bark = centres.map((f) => (26.81 * f) / (1960 + f))
  const middle = all.reduce((sum, k) => sum + bark[k]!, 0) / all.length
  const z = bands.map((k) => bark[k]! - middle)
  const covariance = z.map((a, i) =>
    z.map((b, j) => 2.25 * Math.exp(-0.5 * ((a - b) / 3) ** 2) + (i === j ? 0.16 : 0) + 25 + 0.25 * a * b),
  )
  const width = lobe(setting)
  const G = [...F0].map((f0) => {
    const spectrum = hz.map((f) => {
      const share = clip(1.2 - f / 5000, 0, 1)
      return 1 - share + share * comb(f, f0, power, width, 0.1)
    })
    const b = bandsOf(bank, spectrum)
    return Float64Array.from(bands, (k) => Math.log(b[k]! / sums[k]!) / power)
  })
  return { bands, G, QG: solveAll(covariance, G) }
}

/** x of A x = b for every b, by elimination with pivots. */
function solveAll(a: number[][], right: Float64Array[]): Float64Array[] {
  const n = a.length
  const rows = a.map((row, i) => [...row, ...right.map((b) => b[i]!)])
  for (let i = 0; i < n; i++) {
    let pivot = i
    for (let j = i; j < n; j++) if (Math.abs(rows[j]![i]!) > Math.abs(rows[pivot]![i]!)) pivot = j
    ;[rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!]
    for (let j = 0; j < n; j++) {
      if (j === i) continue
      const factor = rows[j]![i]! / rows[i]![i]!
      rows[j] = rows[j]!.map((x, c) => x - factor * rows[i]![c]!)
    }
  }
  return right.map((_, c) => Float64Array.from(rows, (row, i) => row[n + c]! / row[i]!))
}

/** Log-likelihood ratio of each candidate, from one frame's bands. */
export function llr({ bands, G, QG }: Ripples, bank: Bank, b: ArrayLike<number>, peak: number, power: number) {
  const sums = areas(bank)
  const L = bands.map((k) => Math.log((peak > 0 ? b[k]! / sums[k]! / peak : 0) + 1e-4 ** power) / power)
  return Float64Array.from(F0, (_, i) => L.reduce((sum, x, k) => sum + QG[i]![k]! * (x - 0.5 * G[i]![k]!), 0))
}

/** The largest band of all, as a mean over its weights. */
export function peakOf(bank: Bank, frames: ArrayLike<number>[]): number {
  const sums = areas(bank)
  return Math.max(...frames.flatMap((b) => [...sums].map((sum, k) => (sum > 0 ? b[k]! / sum : 0))))
}

/** Normalised autocorrelation of one frame at each candidate's period; the frame is what lies under the window. */
export function nac(frame: ArrayLike<number>, { window, sampleRate }: Setting): Float64Array {
  const length = window.length
  const mean = Array.from({ length }, (_, i) => frame[i]!).reduce((sum, x) => sum + x / length, 0)
  const x = Float64Array.from(window, (w, i) => w * (frame[i]! - mean))
  const lagged = (y: ArrayLike<number>, lag: number): number => {
    let sum = 0
    for (let i = 0; i + lag < length; i++) sum += y[i]! * y[i + lag]!
    return sum
  }
  const own = lagged(window, 0)
  const energy = Math.max(lagged(x, 0), 1e-10 * mean * mean * own)
  const at = (lag: number): number => lagged(x, lag) / energy / Math.max(lagged(window, lag) / own, 0.05)
  return Float64Array.from(F0, (f0) => {
    const lag = sampleRate / f0
    if (lag >= length - 1 || !(energy > 0)) return 0
    const i = Math.floor(lag)
    return at(i) * (1 - (lag - i)) + at(i + 1) * (lag - i)
  })
}

/** A frame's scores: its autocorrelation, and a tenth of what its bands say. */
export function scoresOf(frame: ArrayLike<number>, ratio: ArrayLike<number>, setting: Setting): Float64Array {
  return nac(frame, setting).map((x, i) => x + 0.1 * ratio[i]!)
}

export interface Track {
  path: Int32Array
  f0: Float64Array
  voicing: Float64Array
}

/** The best way, by all pairs. */
export function track(scores: ArrayLike<number>[]): Track {
  const frames = scores.length
  const size = F0.length
  const cost = Array.from({ length: size }, (_, i) => F0.map((f) => 4 * Math.abs(Math.log(f / F0[i]!))))
  const costed = scores.map((s) => F0.map((f, i) => s[i]! - 6.4 / f))
  const from: Int32Array[] = []
  let sums = costed[0]!
  for (let t = 1; t < frames; t++) {
    const before = sums
    const back = new Int32Array(size)
    sums = costed[t]!.map((s, j) => {
      let best = 0
      for (let i = 1; i < size; i++) if (before[i]! - cost[i]![j]! > before[best]! - cost[best]![j]!) best = i
      back[j] = best
      return before[best]! - cost[best]![j]! + s
    })
    from.push(back)
  }
  const path = new Int32Array(frames)
  path[frames - 1] = sums.indexOf(Math.max(...sums))
  for (let t = frames - 1; t > 0; t--) path[t - 1] = from[t - 1]![path[t]!]!
  const f0 = Float64Array.from(path, (i, t) => {
    const k = clip(i, 1, size - 2)
    const [a, b, c] = [costed[t]![k - 1]!, costed[t]![k]!, costed[t]![k + 1]!]
    return F0[k]! * 1.02 ** clip((a - c) / (2 * (a - 2 * b + c) + 1e-12), -1, 1)
  })
  return { path, f0, voicing: Float64Array.from(path, (i, t) => clip((scores[t]![i]! - 0.5) / 0.6, 0, 1)) }
}

/** What bins are multiplied by. Half between two harmonics there are two nearest, and so two factors. */
export function combOf(setting: Setting): (f: number, f0: number, slope: number, voicing: number) => number[] {
  const { power, hop, window } = setting
  const still = lobe(setting)
  return (f, f0, slope, voicing) => {
    const share = 0.95 * voicing * clip(1.2 - f / 5000, 0, 1)
    const between = Math.abs((f / f0) % 1) - 0.5
    const h = Math.abs(between) < 1e-5 ? [Math.floor(f / f0), Math.ceil(f / f0)] : [Math.round(f / f0)]
    return h.map((nearest) => {
      const tooth = Math.max(1, nearest)
      const width = Math.hypot(still, (tooth * slope * 0.175 * window.length) / hop)
      return 1 - share + share * Math.min(comb(f, f0, power, width, 0.03, tooth), 30)
    })
  }
}

/** A frame's magnitudes times its comb. The slope is half the difference of the neighbours, at the ends that to the one. */
export function combed(
  s: Float64Array,
  t: number,
  { f0, voicing }: Omit<Track, 'path'>,
  factor: ReturnType<typeof combOf>,
  width: number,
): Float64Array {
  const [a, b] = [Math.max(0, t - 1), Math.min(f0.length - 1, t + 1)]
  const slope = b > a ? Math.abs((f0[b]! - f0[a]!) / (b - a)) : 0
  return s.map((x, f) => x * factor(f * width, f0[t]!, slope, voicing[t]!)[0]!)
}
