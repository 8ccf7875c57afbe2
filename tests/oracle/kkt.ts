/** What a result says of itself, with nothing but the bank and the bands: no oracle is asked. */
import { atBin, type Bank, bandsOf } from './bank.ts'
import { dot } from './nnls.ts'

export interface Kkt {
  /** |b - F^T S|^2 */
  loss: number
  /** The largest way down that S leaves: (F (b - F^T S))_f where it is above 0, in units of the largest |b|. */
  descent: number
  /** sum over f of S_f |F (b - F^T S)|_f, in units of |b|^2: 0 where every bin in use is stationary. */
  complementarity: number
  /** The least value of S. */
  least: number
}

/** The conditions for S to minimise |b - F^T S|^2 over S >= 0. */
export function leastSquaresKkt(bank: Bank, b: ArrayLike<number>, spectrum: ArrayLike<number>): Kkt {
  const r = bandsOf(bank, spectrum).map((y, k) => b[k]! - y)
  const peak = Array.from(b).reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1
  let descent = 0
  let least = Number.POSITIVE_INFINITY
  let sum = 0
  for (let f = 0; f < bank.nBins; f++) {
    const g = atBin(bank, r, f)
    descent = Math.max(descent, g)
    sum += spectrum[f]! * Math.abs(g)
    least = Math.min(least, spectrum[f]!)
  }
  return { loss: dot(r, r), descent: descent / peak, complementarity: sum / (dot(b, b) || 1), least }
}

/**
 * How far |b - F^T S|^2 can be above the optimum, proven by weak duality from any r, in units of |b|^2: where F r <= 0,
 * no spectrum has a loss below 2 r'b - |r|^2. `outside` says how far r is from F r <= 0, in units of the largest |b|.
 */
export function gap(
  bank: Bank,
  b: ArrayLike<number>,
  spectrum: ArrayLike<number>,
  r: ArrayLike<number>,
): { gap: number; outside: number } {
  const { loss } = leastSquaresKkt(bank, b, spectrum)
  const size = dot(b, b) || 1
  let outside = 0
  for (let f = 0; f < bank.nBins; f++) outside = Math.max(outside, atBin(bank, r, f))
  const peak = Array.from(b).reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1
  return { gap: (loss - (2 * dot(r, b) - dot(r, r))) / size, outside: outside / peak }
}

export interface Misses {
  /** The largest |target - F^T S| of a band, in units of the largest target. */
  ofPeak: number
  /** The same in units of that band's own target, over the bands that are at least `floor` of their louder neighbour. */
  relative: number
}

/** How the bands of a result miss `target`. */
export function misses(bank: Bank, target: ArrayLike<number>, spectrum: ArrayLike<number>, floor = 1e-7): Misses {
  const y = bandsOf(bank, spectrum)
  const peak = Array.from(target).reduce((most, x) => Math.max(most, x), 0) || 1
  let [ofPeak, relative] = [0, 0]
  for (let k = 0; k < bank.nBands; k++) {
    const off = Math.abs(target[k]! - y[k]!)
    ofPeak = Math.max(ofPeak, off / peak)
    const beside = Math.max(target[k - 1] ?? 0, target[k + 1] ?? 0)
    if (target[k]! > 0 && target[k]! >= floor * beside) relative = Math.max(relative, off / target[k]!)
  }
  return { ofPeak, relative }
}
