/**
 * Non-negative least squares in float64: of all S >= 0 that minimise |b - F^T S|^2 the one nearest to `init` (default 0,
 * that is, the shortest).
 *
 * On the bands b* of reachable.ts and the bins allowed there it is S = max(0, init + F lambda), where lambda minimises
 *
 *     phi(lambda) = |max(0, init + F lambda)|^2 / 2 - b*' lambda,
 *
 * a convex function of quadratic pieces. Proximal steps (Rockafellar 1976) keep every Newton system definite; a proximal
 * step is solved by semismooth Newton with a line search. Stationarity holds by the form of S; what is left to check is
 * `miss`, and that b* is right.
 */
import { atBin, type Bank, bandsOf, gram, solveTridiagonal } from './bank.ts'
import { type Reachable, reach } from './reachable.ts'

export interface Nnls extends Reachable {
  spectrum: Float64Array
  /** The largest |b* - F^T S|, in units of the largest band. */
  miss: number
  /** Newton steps. */
  steps: number
}

/** Weight of the proximal term, in units of the bank's own curvature. */
const PROXIMAL = 1e-9
const TOLERANCE = 1e-12
/** Steps without halving `miss` after which what is left is rounding: bands that hang together by one bin a run. */
const PATIENCE = 60

export function nnls(bank: Bank, b: ArrayLike<number>, init?: ArrayLike<number>): Nnls {
  const reachable = reach(bank, b)
  const { bands, isAllowed } = reachable
  const start = Float64Array.from({ length: bank.nBins }, (_, f) => init?.[f] ?? 0)
  const spectrumAt = (lambda: Float64Array): Float64Array =>
    start.map((s, f) => (isAllowed[f] ? Math.max(0, s + atBin(bank, lambda, f)) : 0))

  const whole = gram(bank, (f) => (isAllowed[f] ? 1 : 0))
  const weight = whole.diagonal.map((d) => PROXIMAL * (d || 1))
  const peak = Math.max(...bands, Number.MIN_VALUE)
  const target = TOLERANCE * Math.max(peak, ...bandsOf(bank, start).map((y) => 1e-3 * y))
  let lambda: Float64Array = new Float64Array(bank.nBands)
  let centre = lambda
  let spectrum = spectrumAt(lambda)
  let steps = 0
  const isPatient = patience(PATIENCE)

  /** b* - F^T S, and the same with the proximal term: minus the gradient. */
  const missing = (s: Float64Array): Float64Array => bandsOf(bank, s).map((y, k) => bands[k]! - y)
  const descent = (at: Float64Array, s: Float64Array): Float64Array =>
    missing(s).map((g, k) => g - weight[k]! * (at[k]! - centre[k]!))

  while (largest(missing(spectrum)) > target && isPatient(largest(missing(spectrum)))) {
    for (let g = descent(lambda, spectrum); largest(g) > 0.1 * target; ) {
      const hessian = gram(bank, (f) => (spectrum[f]! > 0 && isAllowed[f] ? 1 : 0))
      const diagonal = hessian.diagonal.map((d, k) => d + weight[k]!)
      const delta = solveTridiagonal({ diagonal, off: hessian.off }, g)
      const along = (t: number): Float64Array => lambda.map((x, k) => x + t * delta[k]!)
      const t = search((t) => {
        const next = along(t)
        return -dot(descent(next, spectrumAt(next)), delta)
      })
      const next = along(t)
      const s = spectrumAt(next)
      const then = descent(next, s)
      ;[lambda, spectrum, g] = [next, s, then]
      steps++
      if (largest(missing(s)) <= target || !isPatient(largest(missing(s)))) break
    }
    centre = lambda
  }
  return { ...reachable, spectrum, miss: largest(missing(spectrum)) / peak, steps }
}

/** A step that does not raise a convex function, by its slope: 1 where it is still falling there, else about its minimum. */
export function search(slope: (t: number) => number): number {
  if (slope(1) <= 0) return 1
  const start = slope(0)
  let [low, high] = [0, 1]
  let [atLow, atHigh] = [start, slope(1)]
  for (let i = 0; i < 60; i++) {
    // secant and bisection in turn
    const t = i % 2 === 0 ? low - (atLow * (high - low)) / (atHigh - atLow) : (low + high) / 2
    const at = slope(t)
    if (Math.abs(at) <= 0.05 * Math.abs(start)) return t
    if (at < 0) [low, atLow] = [t, at]
    else [high, atHigh] = [t, at]
  }
  return low
}

/** Says, of a quantity that is to fall, whether it has halved in the last `steps` calls. */
export function patience(steps: number): (value: number) => boolean {
  let best = Number.POSITIVE_INFINITY
  let since = 0
  return (value) => {
    since = value <= best / 2 ? 0 : since + 1
    if (since === 0) best = value
    return since < steps
  }
}

export function largest(values: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!))
  return most
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
