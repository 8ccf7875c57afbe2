/** Non-negative least squares by trying every set of bins that may be above 0: for a handful of bins. */

interface Best {
  loss: number
  spectrum: Float64Array
}

/**
 * The least |b - F^T S|^2 over S >= 0, and of its minimisers the one nearest to `init`. Each is the solution of a linear
 * problem on its own support, so that the best over all supports is it.
 */
export function bestOfSupports(
  dense: Float64Array,
  nBins: number,
  nBands: number,
  b: Float64Array,
  init: Float64Array = new Float64Array(nBins),
): Best {
  const row = (f: number): Float64Array => dense.subarray(f * nBands, (f + 1) * nBands)
  const bandsOf = (s: Float64Array): Float64Array =>
    Float64Array.from({ length: nBands }, (_, k) => s.reduce((sum, x, f) => sum + x * row(f)[k]!, 0))
  const supports = Array.from({ length: 2 ** nBins }, (_, bits) =>
    Array.from({ length: nBins }, (_, f) => f).filter((f) => (bits >> f) & 1),
  )
  const on = (support: number[], values: number[]): Float64Array => {
    const s = new Float64Array(nBins)
    for (const [i, f] of support.entries()) s[f] = values[i]!
    return s
  }

  // a fit that is best is a combination of independent rows
  let loss = Number.POSITIVE_INFINITY
  let fit: Float64Array = new Float64Array(nBands)
  for (const support of supports) {
    const normal = support.map((f) => support.map((g) => dot(row(f), row(g))))
    const values = solve(
      normal,
      support.map((f) => dot(row(f), b)),
    )
    if (values.some((x) => x < 0)) continue
    const y = bandsOf(on(support, values))
    const miss = y.reduce((sum, v, k) => sum + (v - b[k]!) ** 2, 0)
    if (miss < loss) [loss, fit] = [miss, y]
  }

  let best: Best = { loss, spectrum: new Float64Array(nBins) }
  let nearest = Number.POSITIVE_INFINITY
  for (const support of supports) {
    const from = bandsOf(
      on(
        support,
        support.map((f) => init[f]!),
      ),
    )
    const normal = Array.from({ length: nBands }, (_, j) =>
      Array.from({ length: nBands }, (_, k) => support.reduce((sum, f) => sum + row(f)[j]! * row(f)[k]!, 0)),
    )
    const lambda = solve(
      normal,
      Array.from(fit, (y, k) => y - from[k]!),
    )
    const s = on(
      support,
      support.map((f) => init[f]! + dot(row(f), lambda)),
    )
    if (s.some((x) => x < -1e-12) || bandsOf(s).some((y, k) => Math.abs(y - fit[k]!) > 1e-11)) continue
    const away = s.reduce((sum, x, f) => sum + (x - init[f]!) ** 2, 0)
    if (away < nearest) [nearest, best] = [away, { loss, spectrum: s.map((x) => Math.max(0, x)) }]
  }
  return best
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** A solution of a positive semidefinite system that has one: elimination by the largest pivot; what is free is 0. */
function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length
  const a = matrix.map((row, i) => [...row, right[i]!])
  const pivots: number[] = []
  for (let step = 0; step < n; step++) {
    let best = -1
    for (let i = 0; i < n; i++) if (!pivots.includes(i) && (best < 0 || a[i]![i]! > a[best]![best]!)) best = i
    if (a[best]![best]! < 1e-10) break
    pivots.push(best)
    for (let i = 0; i < n; i++) {
      if (i === best) continue
      const factor = a[i]![best]! / a[best]![best]!
      for (let j = 0; j <= n; j++) a[i]![j]! -= factor * a[best]![j]!
    }
  }
  return right.map((_, i) => (pivots.includes(i) ? a[i]![n]! / a[i]![i]! : 0))
}
