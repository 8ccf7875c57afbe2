/**
 * The band step: of all magnitudes that give the bands, those nearest to the ones at hand in the chi-square distance,
 * by one Newton step, and with the phases that they have. With A the magnitudes to the power p, pulled a little to the
 * prior, it solves (F^T diag(A) F) l = B - F^T A, which is tridiagonal, and takes S = A max(1/8, 1 + F l).
 */
import { ENTRY } from './fft-lanes'
import { lanes } from './istft'
import { WEIGHTS } from './joint-bank'
import { BIN, Joint, targetOf } from './joint-layout'
import { exp2, log2, sumFour } from './lanes'

/** What is added to a diagonal, as a part of it, and by itself. */
const EPS: f32 = 1e-6
const TINY: f32 = 1e-30
/** Least part of a bin that is left. */
const LEAST: f32 = 0.125
/** Least magnitude, over the prior, to the power p. */
const FLOOR: f32 = 1e-8

/**
 * Solves for the multipliers of the bands, and leaves to every bin what its spectrum is to be multiplied by before them.
 * @param c the spectra, {@link ENTRY} bytes a bin
 * @param pull how far magnitudes move to the prior, 0 to 1
 */
export function solveBands(x: Joint, spectra: usize, c: usize, pull: f32): void {
  const n = x.bank.nBands
  const power = x.power
  const zero = f32x4.splat(0)
  const m = f32x4.splat(pull)
  const rest = f32x4.splat(<f32>1 - pull)
  let target = targetOf(x, spectra)
  let upper = x.upper
  let right = x.right
  let ratio = x.ratios
  let bin = x.bank.bins
  // of the band above: its diagonal and right-hand side so far; and the row before
  let d = zero
  let r = zero
  let off = zero
  let cut = zero
  let y = zero
  for (let k = 0; k <= n; k++) {
    let aa = zero
    let ab = zero
    let bb = zero
    let av = zero
    let bv = zero
    for (let i = load<i32>(x.bank.runs + ((<usize>k) << 2)); i > 0; i--) {
      const re = v128.load(c)
      const im = v128.load(c, 16)
      const size = sizeOf(re, im, power)
      const s = v128.load(spectra)
      const least = f32x4.mul(s, f32x4.splat(FLOOR))
      const v = f32x4.add(f32x4.mul(rest, f32x4.pmax(least, size)), f32x4.mul(m, s))
      v128.store(ratio, f32x4.div(v, size))
      const a = v128.load32_splat(bin)
      const b = v128.load32_splat(bin, 4)
      const va = f32x4.mul(v, a)
      const vb = f32x4.mul(v, b)
      av = f32x4.add(av, va)
      bv = f32x4.add(bv, vb)
      aa = f32x4.add(aa, f32x4.mul(va, a))
      ab = f32x4.add(ab, f32x4.mul(va, b))
      bb = f32x4.add(bb, f32x4.mul(vb, b))
      c += ENTRY
      spectra += BIN
      ratio += 16
      bin += WEIGHTS
    }
    if (k > 0) {
      // the band between this run and the one before: all of its row is known now
      const asked = v128.load(target)
      const miss = f32x4.sub(asked, f32x4.add(r, av))
      const diagonal = f32x4.add(f32x4.mul(f32x4.add(d, aa), f32x4.splat(<f32>1 + EPS)), f32x4.splat(TINY))
      const pivot = f32x4.sub(diagonal, f32x4.mul(off, cut))
      const over = f32x4.div(f32x4.splat(1), pivot)
      y = f32x4.mul(f32x4.sub(beyond(miss, asked, x.tolerance), f32x4.mul(off, y)), over)
      off = ab
      cut = f32x4.mul(ab, over)
      v128.store(upper, cut)
      v128.store(right, y)
      target += 16
      upper += 16
      right += 16
    }
    d = bb
    r = bv
  }
  for (let k = n - 1; k > 0; k--) {
    upper -= 16
    right -= 16
    y = f32x4.sub(v128.load(right - 16), f32x4.mul(v128.load(upper - 16), y))
    v128.store(right - 16, y)
  }
}

/** Magnitudes to the power. */
// @ts-ignore: decorator
@inline
function sizeOf(re: v128, im: v128, power: f32): v128 {
  const square = f32x4.pmax(f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)), f32x4.splat(TINY))
  if (power == 2) return square
  return power == 1 ? f32x4.sqrt(square) : exp2(f32x4.mul(log2(square), f32x4.splat(power * 0.5)))
}

/** What a band is missed by, over what it may be missed by. */
// @ts-ignore: decorator
@inline
function beyond(miss: v128, asked: v128, tolerance: f32): v128 {
  if (tolerance == 0) return miss
  const slack = f32x4.mul(asked, f32x4.splat(tolerance))
  return f32x4.sub(miss, f32x4.pmax(f32x4.neg(slack), f32x4.pmin(slack, miss)))
}

/** Multiplies the spectra at `c` so that the bands match. */
export function applyBands(x: Joint, c: usize): void {
  const n = x.bank.nBands
  const power = x.power
  const one = f32x4.splat(1)
  const zero = f32x4.splat(0)
  let bin = x.bank.bins
  let ratio = x.ratios
  let lo = zero
  for (let k = 0; k <= n; k++) {
    const hi = k < n ? v128.load(x.right + ((<usize>k) << 4)) : zero
    for (let i = load<i32>(x.bank.runs + ((<usize>k) << 2)); i > 0; i--) {
      const l = f32x4.add(f32x4.mul(v128.load32_splat(bin), lo), f32x4.mul(v128.load32_splat(bin, 4), hi))
      let by = f32x4.mul(v128.load(ratio), f32x4.pmax(f32x4.splat(LEAST), f32x4.add(one, l)))
      if (power == 2) by = f32x4.sqrt(by)
      else if (power != 1) by = root(by, power)
      v128.store(c, f32x4.mul(v128.load(c), by))
      v128.store(c, f32x4.mul(v128.load(c, 16), by), 16)
      c += ENTRY
      ratio += 16
      bin += WEIGHTS
    }
    lo = hi
  }
}

// @ts-ignore: decorator
@inline
function root(x: v128, power: f32): v128 {
  const some = f32x4.gt(x, f32x4.splat(TINY))
  return v128.and(exp2(f32x4.mul(log2(f32x4.pmax(x, f32x4.splat(TINY))), f32x4.splat(<f32>1 / power))), some)
}

/** Gives the spectra at `c` the magnitudes that are kept of them. */
export function holdMagnitudes(x: Joint, spectra: usize, c: usize): void {
  for (const end = spectra + <usize>x.bank.nBins * BIN; spectra < end; spectra += BIN, c += ENTRY) {
    const re = v128.load(c)
    const im = v128.load(c, 16)
    const size = f32x4.sqrt(f32x4.pmax(f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)), f32x4.splat(TINY)))
    const by = f32x4.div(v128.load(spectra), size)
    v128.store(c, f32x4.mul(re, by))
    v128.store(c, f32x4.mul(im, by), 16)
  }
}

/**
 * Adds up by how much the bands of the spectra at `c` miss the target.
 * @param frames that there are, of four
 * @param told f64 [2]: the squares of what is missed, and of what was asked for
 */
export function missBands(x: Joint, spectra: usize, c: usize, frames: i32, told: usize): void {
  const n = x.bank.nBands
  const some = lanes(frames)
  let target = targetOf(x, spectra)
  let missed = 0.0
  let asked = 0.0
  let bin = x.bank.bins
  let r = f32x4.splat(0)
  for (let k = 0; k <= n; k++) {
    let av = f32x4.splat(0)
    let bv = av
    for (let i = load<i32>(x.bank.runs + ((<usize>k) << 2)); i > 0; i--, c += ENTRY, bin += WEIGHTS) {
      const v = sizeOf(v128.load(c), v128.load(c, 16), x.power)
      av = f32x4.add(av, f32x4.mul(v, v128.load32_splat(bin)))
      bv = f32x4.add(bv, f32x4.mul(v, v128.load32_splat(bin, 4)))
    }
    if (k > 0) {
      const b = v128.load(target)
      const miss = v128.and(f32x4.sub(b, f32x4.add(r, av)), some)
      missed += sumFour(f32x4.mul(miss, miss))
      asked += sumFour(f32x4.mul(b, b))
      target += 16
    }
    r = bv
  }
  store<f64>(told, missed)
  store<f64>(told, asked, 8)
}
