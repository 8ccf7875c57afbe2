/**
 * Which bands some S >= 0 can produce, and the nearest that one can.
 *
 * Run k gives its two bands (band k-1 and band k) any pair (x, rho x) with rho between the least and the greatest ratio
 * of its bins' weights. So what can be reached is a cone with two generators a run; whether a target lies in it is a
 * sweep of intervals, and the nearest point of it is a chain of one-dimensional problems, solved without iteration.
 */
import { ExactBank } from './exact-bank'
import { ExactGroup } from './exact-group'
import { GROUP, GROUP_BYTES, GROUP_SHIFT } from './lanes'

/** Rounding of float64 in what decides whether a bin may be positive, as a part of its band. In doubt it may. */
const DOUBT: f64 = 1e-13

// @ts-ignore: decorator
@inline
function hasBins(bank: ExactBank, run: i32): bool {
  return load<i32>(bank.runs + ((<usize>run) << 2)) > 0
}

// @ts-ignore: decorator
@inline
function leastRatio(bank: ExactBank, run: i32): f64 {
  return load<f64>(bank.ratios + ((<usize>run) << 4))
}

// @ts-ignore: decorator
@inline
function greatestRatio(bank: ExactBank, run: i32): f64 {
  return load<f64>(bank.ratios + ((<usize>run) << 4), 8)
}

/**
 * Moves the targets that are out of reach to the nearest that is not, and notes the bins that have to be zero for it,
 * those of silent bands included.
 * @param tolerance up to which a band may be out of reach, as a part of it
 */
export function reach(x: ExactGroup, tolerance: f32): void {
  const size = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  memory.fill(x.first, 0xff, size)
  memory.fill(x.last, 0xff, size)
  x.masked = x.hasPrior
  for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
    const apart = i32x4.bitmask(outOfReach(x, half, tolerance))
    for (let lane = 0; lane < GROUP / 2; lane++) {
      if (!((apart >> lane) & 1)) continue
      x.masked = true
      project(x, half + ((<usize>lane) << 2))
    }
    maskSilent(x, half)
  }
}

/**
 * Mask of the lanes whose target is out of reach: with `lo` to `hi` what is left of band k after the runs up to k, run
 * k+1 has to take it. A band that is exactly zero also sets `masked`.
 */
function outOfReach(x: ExactGroup, half: usize, tolerance: f32): v128 {
  const bank = x.bank
  const n = bank.nBands
  const zero = f32x4.splat(0)
  const part = f32x4.splat(tolerance)
  let silent = zero
  let apart = zero
  let lo = zero
  let hi = zero
  let before = zero
  let target = x.target + GROUP_BYTES + half
  for (let k = 0; k <= n; k++, target += GROUP_BYTES) {
    // from what is left of the band below to what it may give this one
    if (!hasBins(bank, k)) {
      apart = v128.or(apart, f32x4.gt(lo, f32x4.mul(before, part)))
      lo = hi = zero
    } else if (k == 0) {
      hi = f32x4.splat(3e38)
    } else {
      lo = f32x4.mul(lo, f32x4.splat(<f32>leastRatio(bank, k)))
      hi = f32x4.mul(hi, f32x4.splat(<f32>greatestRatio(bank, k)))
    }
    if (k == n) break
    const b = v128.load(target)
    silent = v128.or(silent, f32x4.eq(b, zero))
    const most = f32x4.sub(b, lo)
    apart = v128.or(apart, f32x4.lt(most, f32x4.mul(f32x4.neg(f32x4.abs(b)), part)))
    const least = f32x4.sub(b, hi)
    hi = f32x4.pmax(most, zero)
    lo = f32x4.pmin(f32x4.pmax(least, zero), hi)
    before = f32x4.abs(b)
  }
  if (v128.any_true(silent)) x.masked = true
  return apart
}

/** A silent band silences every bin with weight in it: the first of a run may have none in the upper band. */
function maskSilent(x: ExactGroup, half: usize): void {
  const bank = x.bank
  const zero = f32x4.splat(0)
  let lower = i32x4.splat(0)
  for (let k = 0; k <= bank.nBands; k++) {
    const at = half + ((<usize>k) << GROUP_SHIFT)
    const upper = k < bank.nBands ? f32x4.le(v128.load(x.target + GROUP_BYTES + at), zero) : i32x4.splat(0)
    const silent = v128.or(lower, upper)
    const single = k > 0 && hasBins(bank, k) && leastRatio(bank, k) == 0
    const first = x.first + at
    const last = x.last + at
    v128.store(last, v128.andnot(v128.load(last), silent))
    v128.store(first, v128.andnot(v128.load(first), single ? lower : silent))
    lower = upper
  }
}

/**
 * Exact Euclidean projection of one frame, in float64.
 *
 * The residual r = b - b* is the nearest point to b of the polar cone: r[k-1] <= h_k(r[k]) for every run between two
 * bands, with h_k(x) = -rho x, rho its greatest ratio for x >= 0 and its least below; r <= 0 at an outer run. `best[k]`
 * is the minimiser over r[k] of the problem of the bands up to k; going back, r[k-1] = min(h_k(r[k]), best[k-1]).
 */
function project(x: ExactGroup, lane: usize): void {
  const bank = x.bank
  const n = bank.nBands
  const b = x.target + GROUP_BYTES + lane
  const best = x.scratch
  for (let k = 0; k < n; k++) store<f64>(best + ((<usize>k) << 3), bestOfPrefix(bank, b, best, k))
  const r = best
  let upper = load<f64>(best + ((<usize>(n - 1)) << 3))
  if (hasBins(bank, n)) upper = min(upper, 0)
  store<f64>(r + ((<usize>(n - 1)) << 3), upper)
  for (let k = n - 1; k > 0; k--) {
    const p = r + ((<usize>(k - 1)) << 3)
    let lower = load<f64>(p)
    if (hasBins(bank, k)) lower = min(lower, limit(bank, k, upper))
    store<f64>(p, lower)
    upper = lower
  }
  for (let k = 0; k <= n; k++) maskRun(x, lane, r, k)
  for (let k = 0; k < n; k++) {
    const p = b + ((<usize>k) << GROUP_SHIFT)
    const was = <f64>load<f32>(p)
    const moved = was - load<f64>(r + ((<usize>k) << 3))
    store<f32>(p, moved < DOUBT * Math.abs(was) || moved < 1e-30 ? 0 : <f32>moved)
  }
}

/** h_k(x): the most that r[k-1] may be. */
// @ts-ignore: decorator
@inline
function limit(bank: ExactBank, k: i32, x: f64): f64 {
  return -x * (x >= 0 ? greatestRatio(bank, k) : leastRatio(bank, k))
}

/** The greatest x with h_k(x) >= y. */
// @ts-ignore: decorator
@inline
function inverseLimit(bank: ExactBank, k: i32, y: f64): f64 {
  const ratio = y <= 0 ? greatestRatio(bank, k) : leastRatio(bank, k)
  if (ratio > 0) return -y / ratio
  return y <= 0 ? Infinity : -Infinity
}

/** The minimiser over r[k] of the problem of bands 0 ... k. */
function bestOfPrefix(bank: ExactBank, b: usize, best: usize, k: i32): f64 {
  const own = <f64>load<f32>(b + ((<usize>k) << GROUP_SHIFT))
  if (!hasBins(bank, k)) return own
  if (k == 0) return min(own, 0)
  // up to here the band below is not held back, and the objective is (r - b)^2 / 2 and a constant
  const free = inverseLimit(bank, k, load<f64>(best + ((<usize>(k - 1)) << 3)))
  if (own <= free) return own
  // above, its slope is piecewise linear and increasing, and not negative at b: walk down to where it is zero
  let from = own
  for (let pieces = 2 * k + 4; pieces > 0; pieces--) {
    pieceBelow(bank, b, best, k, from)
    const end = max(pieceEnd, free)
    if (pieceRoot >= from) return from
    if (pieceRoot >= end) return pieceRoot
    if (end <= free) return free
    from = end == 0 ? -1e-150 : end - 1e-15 * Math.abs(end)
    if (from <= free) return free
  }
  return free
}

let pieceRoot: f64 = 0
let pieceEnd: f64 = 0

/**
 * The linear piece of the slope at r[k] = `from` and below: where it ends, and where it would be zero. Bands j < k are
 * linked to k as long as they are held back, r[j] = g_j r[k].
 */
function pieceBelow(bank: ExactBank, b: usize, best: usize, k: i32, from: f64): void {
  let constant = -(<f64>load<f32>(b + ((<usize>k) << GROUP_SHIFT)))
  let slope: f64 = 1
  let end: f64 = from < 0 ? -Infinity : 0
  let g: f64 = 1
  let y = from
  for (let j = k; j > 0 && hasBins(bank, j);) {
    g *= -(y >= 0 ? greatestRatio(bank, j) : leastRatio(bank, j))
    y = g * from
    j--
    const free = load<f64>(best + ((<usize>j) << 3))
    // where this band becomes free, or stops being so
    if (y >= free ? g > 0 : g < 0) {
      const at = free / g
      if (at > end && at < from) end = at
    }
    if (y >= free) break
    if (Math.abs(g) > 1e100) {
      pieceRoot = 0
      pieceEnd = end
      return
    }
    constant -= g * <f64>load<f32>(b + ((<usize>j) << GROUP_SHIFT))
    slope += g * g
  }
  pieceRoot = -constant / slope
  pieceEnd = end
}

/** Which bins of a run may be positive beside the residual r: those whose weights give it no force. */
function maskRun(x: ExactGroup, lane: usize, r: usize, k: i32): void {
  const bank = x.bank
  const n = bank.nBands
  const b = x.target + GROUP_BYTES + lane
  const lo = k > 0 ? load<f64>(r + ((<usize>(k - 1)) << 3)) : 0
  const hi = k < n ? load<f64>(r + ((<usize>k) << 3)) : 0
  const doubtLo = k > 0 ? DOUBT * Math.abs(<f64>load<f32>(b + ((<usize>(k - 1)) << GROUP_SHIFT))) : 0
  const doubtHi = k < n ? DOUBT * Math.abs(<f64>load<f32>(b + ((<usize>k) << GROUP_SHIFT))) : 0
  let first = true
  let last = true
  if (k == 0) first = last = hi >= -doubtHi
  else if (k == n) first = last = lo >= -doubtLo
  else if (Math.abs(lo) > doubtLo || Math.abs(hi) > doubtHi) {
    const most = limit(bank, k, hi)
    const isTight = lo >= most - 1e-9 * Math.abs(most) - doubtLo
    first = isTight && hi <= doubtHi
    last = isTight && hi >= -doubtHi
  }
  const at = lane + ((<usize>k) << GROUP_SHIFT)
  if (!first) store<i32>(x.first + at, 0)
  if (!last) store<i32>(x.last + at, 0)
}
