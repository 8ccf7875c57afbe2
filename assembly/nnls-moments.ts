/**
 * The bins of a least-squares solution of smallest norm, S = max(0, F lambda), or nearest to a prior,
 * S = max(0, prior + F lambda), run by run.
 *
 * F lambda is linear along a run: where its first and its last bin are positive all are, and the run's moments are its
 * Gram matrix times its two multipliers. Only runs that change sign are looked at bin by bin.
 */
import { ExactBank, FIRST_HI, FIRST_LO, GRAM_HI, GRAM_LO, GRAM_MID, LAST_HI, LAST_LO, RUN } from './exact-bank'
import { ExactGroup, maskOf, MOMENTS, sumBands } from './exact-group'
import { clampAtZero, GROUP_BYTES, GROUP_SHIFT } from './lanes'

/** Bytes of a run's moments: lower and upper weight times S, then the sums of lo lo, lo hi and hi hi where S > 0. */
const ROW: usize = MOMENTS << GROUP_SHIFT

// @ts-ignore: decorator
@inline
function mix(lo: v128, hi: v128, w: usize, first: usize, second: usize): v128 {
  return f32x4.add(f32x4.mul(v128.load32_splat(w + first), lo), f32x4.mul(v128.load32_splat(w + second), hi))
}

/** One entry of the Gram matrix of the bins of a run that may be positive: all, the first, or the last. */
// @ts-ignore: decorator
@inline
export function gram(shape: usize, entry: usize, masks: bool, first: v128, last: v128): v128 {
  const all = v128.load32_splat(shape + entry)
  if (!masks) return all
  // entries are lo lo, lo hi, hi hi
  const a = entry == GRAM_HI ? FIRST_HI : FIRST_LO
  const b = entry == GRAM_LO ? FIRST_LO : FIRST_HI
  const ofFirst = f32x4.mul(v128.load32_splat(shape + a), v128.load32_splat(shape + b))
  const ofLast = f32x4.mul(v128.load32_splat(shape + LAST_LO + a), v128.load32_splat(shape + LAST_LO + b))
  const one = v128.or(v128.and(first, ofFirst), v128.andnot(v128.and(last, ofLast), first))
  return v128.bitselect(all, one, v128.and(first, last))
}

// @ts-ignore: decorator
@inline
function putMoments(m: usize, v: v128, u: v128, ll: v128, lh: v128, hh: v128): void {
  v128.store(m, v)
  v128.store(m, u, 32)
  v128.store(m, ll, 64)
  v128.store(m, lh, 96)
  v128.store(m, hh, 128)
}

/** Moments of a half, without a prior. */
// @ts-ignore: decorator
@inline
function momentsOf(x: ExactGroup, half: usize, masks: bool): void {
  const bank = x.bank
  const zero = f32x4.splat(0)
  const end = (<usize>bank.nBands + 1) << GROUP_SHIFT
  let lo = v128.load(x.theta + half)
  let w = bank.weights
  let runs = bank.runs
  let shape = bank.shape
  let m = x.moments + half
  for (let at = half; at < end; at += GROUP_BYTES, runs += 4, shape += RUN, m += ROW) {
    const hi = v128.load(x.theta + GROUP_BYTES + at)
    const stop = w + ((<usize>load<i32>(runs)) << 3)
    let v = zero
    let u = zero
    let ll = zero
    let lh = zero
    let hh = zero
    if (w < stop) {
      const a = f32x4.gt(mix(lo, hi, shape, FIRST_LO, FIRST_HI), zero)
      const b = f32x4.gt(mix(lo, hi, shape, LAST_LO, LAST_HI), zero)
      let full = v128.and(a, b)
      let mixed = v128.xor(a, b)
      let first = full
      let last = full
      if (masks) {
        first = v128.load(x.first + at)
        last = v128.load(x.last + at)
        const both = v128.and(first, last)
        const one = v128.or(v128.and(first, a), v128.and(last, b))
        full = v128.bitselect(full, one, both)
        mixed = v128.and(mixed, both)
      }
      if (v128.any_true(full)) {
        ll = v128.and(full, gram(shape, GRAM_LO, masks, first, last))
        lh = v128.and(full, gram(shape, GRAM_MID, masks, first, last))
        hh = v128.and(full, gram(shape, GRAM_HI, masks, first, last))
        v = f32x4.add(f32x4.mul(ll, lo), f32x4.mul(lh, hi))
        u = f32x4.add(f32x4.mul(lh, lo), f32x4.mul(hh, hi))
      }
      if (v128.any_true(mixed)) {
        const l = v128.and(lo, mixed)
        const h = v128.and(hi, mixed)
        for (; w < stop; w += 8) {
          const wl = v128.load32_splat(w)
          const wh = v128.load32_splat(w, 4)
          const s = clampAtZero(f32x4.add(f32x4.mul(wl, l), f32x4.mul(wh, h)))
          const isLive = f32x4.gt(s, zero)
          const liveLo = v128.and(isLive, wl)
          v = f32x4.add(v, f32x4.mul(wl, s))
          u = f32x4.add(u, f32x4.mul(wh, s))
          ll = f32x4.add(ll, f32x4.mul(liveLo, wl))
          lh = f32x4.add(lh, f32x4.mul(liveLo, wh))
          hh = f32x4.add(hh, f32x4.mul(v128.and(isLive, wh), wh))
        }
      }
      w = stop
    }
    putMoments(m, v, u, ll, lh, hh)
    lo = hi
  }
}

function momentsPlain(x: ExactGroup, half: usize): void {
  momentsOf(x, half, false)
}

function momentsMasked(x: ExactGroup, half: usize): void {
  momentsOf(x, half, true)
}

/**
 * Moments of a half, bin by bin, with or without a prior.
 * @param out where the bins are written to, scaled back, a row of `stride` bytes each; 0 for nowhere
 */
function momentsByBin(x: ExactGroup, half: usize, out: usize, stride: usize): void {
  const bank = x.bank
  const zero = f32x4.splat(0)
  const scale = v128.load(x.scale + half)
  let lo = v128.load(x.theta + half)
  let w = bank.weights
  let s0 = x.prior + half + ((<usize>bank.lead) << GROUP_SHIFT)
  let m = x.moments + half
  for (let k = 0; k <= bank.nBands; k++, m += ROW) {
    const at = half + ((<usize>k) << GROUP_SHIFT)
    const hi = v128.load(x.theta + GROUP_BYTES + at)
    const first = v128.load(x.first + at)
    const last = v128.load(x.last + at)
    const n = load<i32>(bank.runs + ((<usize>k) << 2))
    let v = zero
    let u = zero
    let ll = zero
    let lh = zero
    let hh = zero
    for (let i = 0; i < n; i++, w += 8) {
      const wl = v128.load32_splat(w)
      const wh = v128.load32_splat(w, 4)
      let s = f32x4.add(f32x4.mul(wl, lo), f32x4.mul(wh, hi))
      if (x.hasPrior) {
        s = f32x4.add(v128.load(s0), s)
        s0 += GROUP_BYTES
      }
      s = v128.and(clampAtZero(s), maskOf(first, last, i, n))
      if (out != 0) {
        v128.store(out, f32x4.mul(s, scale))
        out += stride
      }
      const isLive = f32x4.gt(s, zero)
      const liveLo = v128.and(isLive, wl)
      v = f32x4.add(v, f32x4.mul(wl, s))
      u = f32x4.add(u, f32x4.mul(wh, s))
      ll = f32x4.add(ll, f32x4.mul(liveLo, wl))
      lh = f32x4.add(lh, f32x4.mul(liveLo, wh))
      hh = f32x4.add(hh, f32x4.mul(v128.and(isLive, wh), wh))
    }
    putMoments(m, v, u, ll, lh, hh)
    lo = hi
  }
}

/** The moments of every run at `theta`. */
export function nnlsMoments(x: ExactGroup): void {
  for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
    if (x.hasPrior) momentsByBin(x, half, 0, 0)
    else if (x.masked) momentsMasked(x, half)
    else momentsPlain(x, half)
  }
}

/** Writes the spectrum at `theta`, scaled back, and adds up its bands. */
export function writeNnls(x: ExactGroup, out: usize, stride: usize): void {
  const bank = x.bank
  for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
    writeOutside(x, half, 0, bank.lead, out, stride)
    writeOutside(x, half, bank.nBins - bank.tail, bank.tail, out, stride)
    momentsByBin(x, half, out + half + <usize>bank.lead * stride, stride)
  }
  sumBands(x)
}

/** Bins outside all bands stay as they are given, or zero. */
function writeOutside(x: ExactGroup, half: usize, first: i32, bins: i32, out: usize, stride: usize): void {
  const scale = v128.load(x.scale + half)
  let to = out + half + <usize>first * stride
  let s0 = x.prior + half + ((<usize>first) << GROUP_SHIFT)
  for (; bins > 0; bins--, to += stride, s0 += GROUP_BYTES) {
    v128.store(to, x.hasPrior ? f32x4.mul(v128.load(s0), scale) : f32x4.splat(0))
  }
}
