/**
 * Maximum entropy in float64: of all S >= 0 with F^T S = b* (reachable.ts) the one that minimises
 *
 *     sum over f of  S log(S / S0) - S + S0.
 *
 * It is S0 exp(F lambda) on the bins allowed, where lambda minimises psi = sum S0 exp(F lambda) - b*' lambda, by Newton with
 * a line search on psi's own change, computed without cancellation.
 */
import { areas, atBin, type Bank, bandsOf, gram, solveTridiagonal } from './bank.ts'
import { patience } from './nnls.ts'
import { type Reachable, reach } from './reachable.ts'

export interface Maxent extends Reachable {
  spectrum: Float64Array
  prior: Float64Array
  /** The largest |b* - F^T S| / b* of a band. */
  miss: number
  /** Newton steps. */
  steps: number
}

const TOLERANCE = 1e-11
/** Steps without halving `miss` after which what is left is rounding. */
const PATIENCE = 60
/** What a given prior is at least, in units of the average of the bands about it: a zero would stay one for ever. */
const LIFT = 2 ** -40

export function maxent(bank: Bank, b: ArrayLike<number>, init?: ArrayLike<number>): Maxent {
  const reachable = reach(bank, b)
  const { bands, isAllowed } = reachable
  const { nBins, nBands, band } = bank
  const prior = init ? lifted(bank, bands, init) : logLinear(bank, bands)
  const base = prior.map((x, f) => (isAllowed[f] ? x : 0))
  let lambda: Float64Array = new Float64Array(nBands)
  let spectrum = base
  let steps = 0
  const missOf = (s: Float64Array): number =>
    bandsOf(bank, s).reduce(
      (most, y, k) => (bands[k]! > 0 ? Math.max(most, Math.abs(bands[k]! - y) / bands[k]!) : most),
      0,
    )

  const isPatient = patience(PATIENCE)
  for (let miss = missOf(spectrum); miss > TOLERANCE && isPatient(miss); miss = missOf(spectrum), steps++) {
    const y = bandsOf(bank, spectrum)
    const g = y.map((v, k) => (bands[k]! > 0 ? bands[k]! - v : 0))
    const hessian = gram(bank, (f) => spectrum[f]!)
    const diagonal = hessian.diagonal.map((d, k) => (bands[k]! > 0 ? d * (1 + 1e-12) + 1e-13 * bands[k]! : 1))
    const delta = solveTridiagonal({ diagonal, off: hessian.off }, g)
    const rise = Float64Array.from({ length: nBins }, (_, f) =>
      base[f]! > 0 && band[f]! >= 0 ? atBin(bank, delta, f) : 0,
    )
    const t = step(spectrum, rise, slopeOf(g, delta))
    lambda = lambda.map((x, k) => x + t * delta[k]!)
    spectrum = base.map((x, f) => (x > 0 && band[f]! >= 0 ? x * Math.exp(atBin(bank, lambda, f)) : x))
  }
  return { ...reachable, spectrum, prior, miss: missOf(spectrum), steps }
}

/** The largest of 1, 1/2, 1/4 ... by which psi falls as a convex function should. */
function step(spectrum: Float64Array, rise: Float64Array, slope: number): number {
  const most = rise.reduce((m, x) => Math.max(m, x), 0)
  // e^x - 1 - x <= 0.9 x^2 here, so that a full Newton step cannot raise psi
  let t = Math.min(1, 100 / Math.max(most, 1))
  if (most <= 1) return 1
  for (; t > 1e-12; t /= 2) {
    let bend = 0
    for (let f = 0; f < rise.length; f++) {
      const x = t * rise[f]!
      if (x !== 0) bend += spectrum[f]! * (Math.abs(x) < 1e-3 ? x * x * (0.5 + x / 6) : Math.exp(x) - 1 - x)
    }
    if (bend - t * slope <= -0.1 * t * slope) break
  }
  return t
}

function slopeOf(g: Float64Array, delta: Float64Array): number {
  return g.reduce((sum, x, k) => sum + x * delta[k]!, 0)
}

/** A given prior, within bands at least {@link LIFT} of the averages on both sides, by the bin's weights. */
function lifted(bank: Bank, bands: ArrayLike<number>, init: ArrayLike<number>): Float64Array {
  const { nBins, band, upper } = bank
  const average = averages(bank, bands)
  return Float64Array.from({ length: nBins }, (_, f) => {
    const k = band[f]!
    if (k < 0) return init[f]!
    const about = average[k]! * (1 - upper[f]!) + (upper[f] === 0 ? 0 : average[k + 1]! * upper[f]!)
    return Math.max(init[f]!, LIFT * about)
  })
}

function averages(bank: Bank, bands: ArrayLike<number>): Float64Array {
  return areas(bank).map((area, k) => (area > 0 ? bands[k]! / area : 0))
}

/**
 * The default prior: the logarithm of the band averages, linear in a bin's weights, constant below the first centre and
 * above the last; bins that no band covers take the average of the nearest bin that one does. 0 where a band is silent.
 */
export function logLinear(bank: Bank, bands: ArrayLike<number>): Float64Array {
  const { nBins, band, upper } = bank
  const average = averages(bank, bands)
  const prior = new Float64Array(nBins)
  for (let f = 0; f < nBins; f++) {
    const k = band[f]!
    if (k < 0) continue
    const high = upper[f]!
    if (high === 0) prior[f] = average[k]!
    else if (average[k]! > 0 && average[k + 1]! > 0)
      prior[f] = Math.exp(Math.log(average[k]!) * (1 - high) + Math.log(average[k + 1]!) * high)
  }
  const covered = [...band.keys()].filter((f) => band[f]! >= 0)
  const [first, last] = [covered[0], covered.at(-1)]
  if (first === undefined || last === undefined) return prior
  prior.fill(average[band[first]!]!, 0, first)
  prior.fill(average[upper[last]! > 0 ? band[last]! + 1 : band[last]!]!, last + 1)
  return prior
}
