/**
 * The bins of a maximum-entropy solution, S = prior * 2^(F theta), run by run.
 *
 * F theta is linear along a run, so that 2^(F theta) is a geometric progression: two exponentials a run, not one a bin.
 * It is anchored anew every 16 bins. A frame that climbs too steeply for its anchor, or some of whose bins are masked,
 * takes an exponential a bin; which way it goes never depends on the frames beside it.
 */
import { RUN, SLOPE } from './exact-bank'
import { ExactGroup, maskOf, MOMENTS, sumBands } from './exact-group'
import { anyTrue, exp2, GROUP_BYTES, GROUP_SHIFT } from './lanes'

/** Bins from anchor to anchor. */
const ANCHOR: i32 = 16
/** log2 of a run's last bin over its anchor from which on it is steep: the anchor must not underflow. */
const STEEP: f32 = 57
/** Bytes of a run's moments, three rows of them in use: lower, upper and both weights times S. */
const ROW: usize = MOMENTS << GROUP_SHIFT

// @ts-ignore: decorator
@inline
function mix(w: usize, lo: v128, hi: v128): v128 {
  return f32x4.add(f32x4.mul(v128.load32_splat(w), lo), f32x4.mul(v128.load32_splat(w, 4), hi))
}

/** Whether a run has to go bin by bin: which lanes of it. */
// @ts-ignore: decorator
@inline
function isApart(x: ExactGroup, at: usize, rise: v128, most: v128, masks: bool): v128 {
  const steep = f32x4.gt(rise, most)
  return masks ? v128.or(steep, v128.not(v128.and(v128.load(x.first + at), v128.load(x.last + at)))) : steep
}

/**
 * The moments of every run at `theta`.
 * @param out where the bins themselves are written to, scaled back, a row of `stride` bytes each; 0 for nowhere (a
 *   constant at every call, as are `masks` and `prior`, and `writes` without one)
 */
// @ts-ignore: decorator
@inline
function moments(x: ExactGroup, masks: bool, prior: bool, writes: bool, out: usize, stride: usize): void {
  const bank = x.bank
  const zero = f32x4.splat(0)
  const scale0 = v128.load(x.scale)
  const scale1 = v128.load(x.scale, 16)
  const size = (<usize>bank.nBands + 1) << GROUP_SHIFT
  let w = bank.weights
  let runs = bank.runs
  let shape = bank.shape
  let m = x.moments
  let s0 = x.prior + ((<usize>bank.lead) << GROUP_SHIFT)
  let lo0 = v128.load(x.theta)
  let lo1 = v128.load(x.theta, 16)
  for (let at: usize = 0; at < size; at += GROUP_BYTES, runs += 4, shape += RUN, m += ROW) {
    const hi0 = v128.load(x.theta + GROUP_BYTES + at)
    const hi1 = v128.load(x.theta + GROUP_BYTES + at, 16)
    const n = load<i32>(runs)
    let v0 = zero
    let v1 = zero
    let u0 = zero
    let u1 = zero
    let h0 = zero
    let h1 = zero
    if (n > 0) {
      const slope = v128.load32_splat(shape, SLOPE)
      const rise0 = f32x4.mul(f32x4.sub(hi0, lo0), slope)
      const rise1 = f32x4.mul(f32x4.sub(hi1, lo1), slope)
      const most = f32x4.splat(STEEP / <f32>min(n, ANCHOR))
      const apart0 = isApart(x, at, rise0, most, masks)
      const apart1 = isApart(x, at + 16, rise1, most, masks)
      if (anyTrue(apart0, apart1)) {
        runApart(x, at, w, n, lo0, hi0, rise0, apart0, m, s0, out, stride)
        runApart(x, at + 16, w, n, lo1, hi1, rise1, apart1, m + 16, s0 + 16, writes ? out + 16 : 0, stride)
        w += (<usize>n) << 3
        if (writes) out += <usize>n * stride
        if (prior) s0 += (<usize>n) << GROUP_SHIFT
        lo0 = hi0
        lo1 = hi1
        continue
      }
      let q0 = zero
      let q1 = zero
      if (n > 1) {
        q0 = exp2(rise0)
        q1 = exp2(rise1)
      }
      for (const end = w + ((<usize>n) << 3); ;) {
        let p0 = exp2(mix(w, lo0, hi0))
        let p1 = exp2(mix(w, lo1, hi1))
        for (const stop = min(end, w + ((<usize>ANCHOR) << 3)); ;) {
          const wl = v128.load32_splat(w)
          const wh = v128.load32_splat(w, 4)
          const z0 = prior ? f32x4.mul(p0, v128.load(s0)) : p0
          const z1 = prior ? f32x4.mul(p1, v128.load(s0, 16)) : p1
          if (prior) s0 += GROUP_BYTES
          if (writes) {
            v128.store(out, f32x4.mul(z0, scale0))
            v128.store(out, f32x4.mul(z1, scale1), 16)
            out += stride
          }
          const b0 = f32x4.mul(wh, z0)
          const b1 = f32x4.mul(wh, z1)
          v0 = f32x4.add(v0, f32x4.mul(wl, z0))
          v1 = f32x4.add(v1, f32x4.mul(wl, z1))
          u0 = f32x4.add(u0, b0)
          u1 = f32x4.add(u1, b1)
          h0 = f32x4.add(h0, f32x4.mul(wl, b0))
          h1 = f32x4.add(h1, f32x4.mul(wl, b1))
          w += 8
          if (w >= stop) break
          p0 = f32x4.mul(p0, q0)
          p1 = f32x4.mul(p1, q1)
        }
        if (w >= end) break
      }
    }
    v128.store(m, v0)
    v128.store(m, v1, 16)
    v128.store(m, u0, 32)
    v128.store(m, u1, 48)
    v128.store(m, h0, 64)
    v128.store(m, h1, 80)
    lo0 = hi0
    lo1 = hi1
  }
}

/** The moments of a run some lanes of which go bin by bin; the others' bits are those of the loop above. */
function runApart(
  x: ExactGroup,
  at: usize,
  w: usize,
  n: i32,
  lo: v128,
  hi: v128,
  rise: v128,
  apart: v128,
  m: usize,
  s0: usize,
  out: usize,
  stride: usize,
): void {
  const scale = v128.load(x.scale + (at & 16))
  const first = v128.load(x.first + at)
  const last = v128.load(x.last + at)
  const q = exp2(rise)
  let p = f32x4.splat(0)
  let v = p
  let u = p
  let h = p
  for (let i = 0; i < n; i++, w += 8) {
    const own = exp2(mix(w, lo, hi))
    p = i % ANCHOR == 0 ? own : f32x4.mul(p, q)
    let z = v128.bitselect(v128.and(own, maskOf(first, last, i, n)), p, apart)
    if (x.hasPrior) z = f32x4.mul(z, v128.load(s0 + ((<usize>i) << GROUP_SHIFT)))
    if (out != 0) {
      v128.store(out, f32x4.mul(z, scale))
      out += stride
    }
    const b = f32x4.mul(v128.load32_splat(w, 4), z)
    v = f32x4.add(v, f32x4.mul(v128.load32_splat(w), z))
    u = f32x4.add(u, b)
    h = f32x4.add(h, f32x4.mul(v128.load32_splat(w), b))
  }
  v128.store(m, v)
  v128.store(m, u, 32)
  v128.store(m, h, 64)
}

function momentsPlain(x: ExactGroup): void {
  moments(x, false, false, false, 0, 0)
}

/** One for all that is rare, and for what is done once a frame. */
function momentsOfAny(x: ExactGroup, out: usize, stride: usize): void {
  moments(x, true, x.hasPrior, out != 0, out, stride)
}

export function maxentMoments(x: ExactGroup): void {
  if (x.hasPrior || x.masked) momentsOfAny(x, 0, 0)
  else momentsPlain(x)
}

/** Writes the spectrum at `theta`, scaled back, and adds up its bands. */
export function writeMaxent(x: ExactGroup, out: usize, stride: usize): void {
  const bank = x.bank
  const tail = bank.nBins - bank.tail
  for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
    writeOutside(x, half, 0, bank.lead, half, out, stride)
    writeOutside(x, half, tail, bank.tail, half + ((<usize>bank.nBands + 1) << GROUP_SHIFT), out, stride)
  }
  out += <usize>bank.lead * stride
  momentsOfAny(x, out, stride)
  sumBands(x)
}

/** Bins outside all bands are the prior: what is given, or the average of the nearest band that has bins. */
function writeOutside(x: ExactGroup, half: usize, first: i32, bins: i32, band: usize, out: usize, stride: usize): void {
  const scale = v128.load(x.scale + half)
  const sounds = f32x4.gt(v128.load(x.target + band), f32x4.splat(0))
  const value = f32x4.mul(v128.and(exp2(v128.load(x.theta + band)), sounds), scale)
  let to = out + half + <usize>first * stride
  let s0 = x.prior + half + ((<usize>first) << GROUP_SHIFT)
  for (; bins > 0; bins--, to += stride, s0 += GROUP_BYTES) {
    v128.store(to, x.hasPrior ? f32x4.mul(v128.load(s0), scale) : value)
  }
}
