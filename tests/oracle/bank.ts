/** A filterbank as the oracles see it: at most two weights a bin, in adjacent bands, in float64. */

export interface Bank {
  nBins: number
  nBands: number
  /** Of every bin: the band of its lower weight, or -1 for a bin that no band covers. Its upper weight is the next band's. */
  band: Int32Array
  lower: Float64Array
  upper: Float64Array
}

/**
 * Reads a dense (nBins, nBands) matrix. A bin with one weight has it as its lower one, whichever side of a centre the bin
 * lies on: nothing here but the prior asks, and there such a bin follows its band alone.
 */
export function readBank(dense: ArrayLike<number>, nBins: number, nBands: number): Bank {
  const band = new Int32Array(nBins).fill(-1)
  const lower = new Float64Array(nBins)
  const upper = new Float64Array(nBins)
  for (let f = 0; f < nBins; f++) {
    const at: number[] = []
    for (let k = 0; k < nBands; k++) if (dense[f * nBands + k] !== 0) at.push(k)
    if (at.length === 0) continue
    const first = at[0]!
    if (at.length > 2 || at.at(-1)! > first + 1) throw new Error(`bin ${f} has weights in bands ${at}`)
    band[f] = first
    lower[f] = dense[f * nBands + first]!
    if (at.length === 2) upper[f] = dense[f * nBands + first + 1]!
  }
  return { nBins, nBands, band, lower, upper }
}

/** F^T S: the bands of a spectrum. */
export function bandsOf({ nBins, nBands, band, lower, upper }: Bank, spectrum: ArrayLike<number>): Float64Array {
  const y = new Float64Array(nBands)
  for (let f = 0; f < nBins; f++) {
    const k = band[f]!
    if (k < 0) continue
    y[k]! += lower[f]! * spectrum[f]!
    if (upper[f] !== 0) y[k + 1]! += upper[f]! * spectrum[f]!
  }
  return y
}

/** F v, for one bin. */
export function atBin({ band, lower, upper }: Bank, v: ArrayLike<number>, f: number): number {
  const k = band[f]!
  if (k < 0) return 0
  return lower[f]! * v[k]! + (upper[f] === 0 ? 0 : upper[f]! * v[k + 1]!)
}

/** A band's sum of weights. */
export function areas(bank: Bank): Float64Array {
  return bandsOf(bank, new Float64Array(bank.nBins).fill(1))
}

/** F^T D F: tridiagonal, with `off[k]` between bands k and k+1. */
export interface Tridiagonal {
  diagonal: Float64Array
  off: Float64Array
}

export function gram({ nBins, nBands, band, lower, upper }: Bank, d: (f: number) => number): Tridiagonal {
  const diagonal = new Float64Array(nBands)
  const off = new Float64Array(nBands)
  for (let f = 0; f < nBins; f++) {
    const k = band[f]!
    const weight = k < 0 ? 0 : d(f)
    if (weight === 0) continue
    diagonal[k]! += weight * lower[f]! ** 2
    if (upper[f] === 0) continue
    diagonal[k + 1]! += weight * upper[f]! ** 2
    off[k]! += weight * lower[f]! * upper[f]!
  }
  return { diagonal, off }
}

/** Solves a positive definite tridiagonal system by LDL^T. */
export function solveTridiagonal({ diagonal, off }: Tridiagonal, right: Float64Array): Float64Array {
  const n = right.length
  const x = Float64Array.from(right)
  const pivot = Float64Array.from(diagonal)
  for (let k = 1; k < n; k++) {
    const factor = off[k - 1]! / pivot[k - 1]!
    // rounding alone brings a pivot this low
    pivot[k] = Math.max(pivot[k]! - factor * off[k - 1]!, 1e-14 * diagonal[k]!)
    x[k]! -= factor * x[k - 1]!
  }
  x[n - 1]! /= pivot[n - 1]!
  for (let k = n - 2; k >= 0; k--) x[k] = (x[k]! - off[k]! * x[k + 1]!) / pivot[k]!
  return x
}
