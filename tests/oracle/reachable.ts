/**
 * The bands that some S >= 0 has, {F^T S : S >= 0}, and the nearest of them to given bands b, in float64.
 *
 * b = b* + r with b* the nearest and r the nearest point of the polar cone {r : F r <= 0} (Moreau), which is a chain: a bin
 * with weights (l, u) in bands k, k+1 asks for r_k <= -(u/l) r_{k+1}. So r comes from a dynamic program along the bands,
 * with the derivative of the best cost so far, V_k'(r_k), as a list of linear pieces.
 *
 * Whether the answer is right does not depend on how it was found: see `gap` in kkt.ts.
 */
import { type Bank, bandsOf } from './bank.ts'

export interface Reachable {
  /** b*, the least-squares fit */
  bands: Float64Array
  /** r = b - b* */
  residual: Float64Array
  /** Whether a bin can be above 0 in a spectrum whose bands are b*. */
  isAllowed: boolean[]
}

/** V'(x) = slope x + shift from `start` to the next piece. */
interface Piece {
  start: number
  slope: number
  shift: number
}

/** Bins with both weights in bands k, k+1 ask for r_k <= h(r_{k+1}), h(x) = -most x above 0 and -least x below. */
interface Link {
  least: number
  most: number
}

function links({ nBins, nBands, band, lower, upper }: Bank): (Link | undefined)[] {
  const found = new Array<Link | undefined>(nBands).fill(undefined)
  for (let f = 0; f < nBins; f++) {
    const k = band[f]!
    if (k < 0) continue
    const ratio = upper[f]! / lower[f]!
    const { least, most } = found[k] ?? { least: ratio, most: ratio }
    found[k] = { least: Math.min(least, ratio), most: Math.max(most, ratio) }
  }
  return found
}

/** The part of V_{k+1}' that a link hands on: V_k'(h(x)) h'(x) where h(x) is below `best`, the minimum of V_k. */
function handOn(pieces: Piece[], best: number, { least, most }: Link): Piece[] {
  const out: Piece[] = [{ start: Number.NEGATIVE_INFINITY, slope: 0, shift: 0 }]
  for (let i = pieces.length - 1, end = best; i >= 0; i--) {
    const { start, slope, shift } = pieces[i]!
    if (end > 0 && least > 0) out.push({ start: -end / least, slope: slope * least * least, shift: -least * shift })
    if (start < 0 && most > 0)
      out.push({ start: -Math.min(end, 0) / most, slope: slope * most * most, shift: -most * shift })
    end = start
  }
  return out
}

/** Where V' passes 0. */
function root(pieces: Piece[]): number {
  for (const [i, { start, slope, shift }] of pieces.entries()) {
    const end = pieces[i + 1]?.start ?? Number.POSITIVE_INFINITY
    const x = -shift / slope
    if (x <= end) return Math.max(x, start)
  }
  throw new Error('a derivative without a root')
}

/** r, the projection of b on the polar cone. */
function project(bank: Bank, b: ArrayLike<number>): Float64Array {
  const { nBands } = bank
  const link = links(bank)
  const best = new Float64Array(nBands)
  let pieces: Piece[] = []
  for (let k = 0; k < nBands; k++) {
    const before = link[k - 1]
    const handed = before
      ? handOn(pieces, best[k - 1]!, before)
      : [{ start: Number.NEGATIVE_INFINITY, slope: 0, shift: 0 }]
    const all = handed.map(({ start, slope, shift }) => ({ start, slope: slope + 1, shift: shift - b[k]! }))
    best[k] = root(all)
    pieces = all.filter(({ start }) => start < best[k]!)
  }
  const r = new Float64Array(nBands)
  for (let k = nBands - 1; k >= 0; k--) {
    const next = k + 1 < nBands ? r[k + 1]! : 0
    const between = link[k]
    r[k] = between ? Math.min(best[k]!, -(next >= 0 ? between.most : between.least) * next) : best[k]!
  }
  return r
}

export function reach(bank: Bank, b: ArrayLike<number>): Reachable {
  const { nBins, nBands, band, lower, upper } = bank
  const residual = project(bank, b)
  const bands = Float64Array.from({ length: nBands }, (_, k) => {
    const y = b[k]! - residual[k]!
    return y <= 1e-13 * Math.abs(b[k]!) ? 0 : y
  })
  const isAllowed = Array.from({ length: nBins }, (_, f) => {
    const k = band[f]!
    if (k < 0) return true
    if (bands[k] === 0 || (upper[f]! > 0 && bands[k + 1] === 0)) return false
    const [low, high] = [lower[f]! * residual[k]!, upper[f]! > 0 ? upper[f]! * residual[k + 1]! : 0]
    // neighbouring bins differ by 1e-4 and more here; what is below the rounding of b is in favour of the bin
    const rounding = lower[f]! * Math.abs(b[k]!) + (upper[f]! > 0 ? upper[f]! * Math.abs(b[k + 1]!) : 0)
    return low + high >= -1e-9 * (Math.abs(low) + Math.abs(high)) - 1e-14 * rounding
  })
  return { bands, residual, isAllowed }
}

/** Bands whose bins are all forbidden though b* asks for something: rounding in `reach`, which no problem may show. */
export function unreached(bank: Bank, { bands, isAllowed }: Reachable): number[] {
  const can = bandsOf(
    bank,
    isAllowed.map((is) => (is ? 1 : 0)),
  )
  return [...bands.keys()].filter((k) => bands[k]! > 0 && can[k] === 0)
}
